//! Damage to what is kept, for tests: the verifier must notice, or it must not matter.

use super::Finish;
use pehra_domain::seed::Seed;

impl Finish {
    /// Changes one number somewhere. Says what, none when there is nothing of that kind.
    pub(in crate::flow) fn tamper(&mut self, chance: &mut Seed) -> Option<&'static str> {
        let off = [-40, -3, -1, 1, 2, 50][pick(chance, 6)?];
        let node = pick(chance, self.gap)?;
        match chance.below(7) {
            0 => {
                self.price[node] += off;
                self.search.spot[node].price += off;
                Some("a price")
            }
            1 => {
                let ways = &mut self.edges[node].ways;
                let at = pick(chance, ways.len())?;
                ways[at].cost = ways[at].cost.saturating_add(i32::try_from(off).ok()?);
                Some("the length of an edge")
            }
            2 => {
                let ways = &mut self.edges[node].ways;
                let at = pick(chance, ways.len())?;
                ways[at].key += off;
                Some("the order of edges")
            }
            3 => {
                let other = pick(chance, self.gap)?;
                self.into_gap[node] = self.into_gap[other];
                Some("a way into the gap")
            }
            4 => {
                let other = pick(chance, self.gap)?;
                self.out_of_gap[node] = self.out_of_gap[other];
                Some("a way out of the gap")
            }
            5 => {
                let sink = pick(chance, self.holders.len())?;
                let at = pick(chance, self.holders[sink].len())?;
                self.holders[sink][at].count += 1;
                Some("who stands somewhere")
            }
            _ => {
                let sink = pick(chance, self.unmet.len())?;
                self.unmet[sink] += 1;
                Some("how many are missing")
            }
        }
    }
}

fn pick(chance: &mut Seed, count: usize) -> Option<usize> {
    let count = u64::try_from(count).ok().filter(|&count| count > 0)?;
    usize::try_from(chance.below(count)).ok()
}
