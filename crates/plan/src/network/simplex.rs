//! Primal network simplex for networks of any form.
//!
//! A spanning tree, rooted at an artificial node, carries the flow; a link outside it is empty or full. The link
//! that would save most within the next block of links enters; on its cycle the last blocking link, counted from
//! the apex along the flow, leaves, which keeps the tree strongly feasible, so that no sequence of trees can
//! repeat (Cunningham 1976; Ahuja, Magnanti and Orlin, *Network Flows*, ch. 11; block search as measured by
//! Király and Kovács, *Efficient implementations of minimum-cost flow algorithms*, 2012).

use super::{Answer, Engine, Link, LinkFlow, Network, NetworkError, index};
use pehra_domain::progress::{Watch, tell};

const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    Tree,
    Full,
}

/// Where a node hangs in the tree.
#[derive(Clone, Copy)]
struct Place {
    parent: u32,
    /// The link to the parent; numbers from `links` up are the artificial ones.
    link: u32,
    /// Whether that link leads from the node to its parent.
    up: bool,
    depth: u32,
    first_child: u32,
    next: u32,
    previous: u32,
}

struct Simplex<'n> {
    network: &'n Network,
    links: usize,
    root: u32,
    place: Vec<Place>,
    price: Vec<i64>,
    state: Vec<State>,
    flow: Vec<u32>,
    /// What the artificial link of each node carries.
    artificial: Vec<i64>,
    /// A price that no true path can reach.
    forbidding: i64,
    next_link: usize,
    block: usize,
}

pub(super) fn solve(network: &Network, watch: &mut Watch<'_>) -> Result<Answer, NetworkError> {
    let mut simplex = Simplex::new(network);
    let mut pivots = 0_u64;
    while let Some(entering) = simplex.entering() {
        simplex.pivot(entering);
        pivots += 1;
        if pivots.is_multiple_of(4_096) {
            tell(watch, "network simplex: exchanging links of the tree", pivots, 0)?;
        }
    }
    simplex.answer()
}

impl<'n> Simplex<'n> {
    fn new(network: &'n Network) -> Self {
        let (nodes, links) = (network.nodes(), network.links().len());
        let root = index(nodes);
        let steepest =
            network.links().iter().map(|link| i64::from(link.cost).abs()).max().unwrap_or(0);
        let forbidding = steepest.saturating_mul(i64::from(root).max(1)) + 1;
        let chain = |node: usize| Place {
            parent: root,
            link: index(links + node),
            up: network.supply()[node] >= 0,
            depth: 1,
            first_child: NONE,
            next: if node + 1 < nodes { index(node + 1) } else { NONE },
            previous: if node > 0 { index(node - 1) } else { NONE },
        };
        let mut place: Vec<Place> = (0..nodes).map(chain).collect();
        let first_child = if nodes > 0 { 0 } else { NONE };
        let (parent, link, next, previous) = (NONE, NONE, NONE, NONE);
        place.push(Place { parent, link, up: false, depth: 0, first_child, next, previous });
        let mut price: Vec<i64> = network
            .supply()
            .iter()
            .map(|&count| if count >= 0 { forbidding } else { -forbidding })
            .collect();
        price.push(0);
        Self {
            network,
            links,
            root,
            place,
            price,
            state: vec![State::Empty; links],
            flow: vec![0; links],
            artificial: network.supply().iter().map(|count| count.abs()).collect(),
            forbidding,
            next_link: 0,
            block: links.isqrt().max(16),
        }
    }

    /// What a unit more on this link would save; negative when it would cost.
    fn gain(&self, link: Link) -> i64 {
        self.price[link.tail as usize] - self.price[link.head as usize] - i64::from(link.cost)
    }

    /// The best link of the next block that holds one worth taking; none when the flow is optimal.
    fn entering(&mut self) -> Option<usize> {
        let links = self.network.links();
        let (mut best, mut best_gain) = (None, 0);
        let mut left = self.block;
        for _ in 0..self.links {
            let at = self.next_link;
            self.next_link = if at + 1 == self.links { 0 } else { at + 1 };
            let gain = match self.state[at] {
                State::Tree => 0,
                State::Empty => self.gain(links[at]),
                State::Full => -self.gain(links[at]),
            };
            if gain > best_gain {
                (best, best_gain) = (Some(at), gain);
            }
            left -= 1;
            if left == 0 {
                if best.is_some() {
                    break;
                }
                left = self.block;
            }
        }
        best
    }

    /// How much more can flow over a node's link to its parent, upwards or downwards.
    fn room(&self, node: u32, upwards: bool) -> i64 {
        let place = self.place[node as usize];
        let link = place.link as usize;
        if link >= self.links {
            let carried = self.artificial[link - self.links];
            return if place.up == upwards { i64::MAX } else { carried };
        }
        let carried = i64::from(self.flow[link]);
        if place.up == upwards {
            i64::from(self.network.links()[link].capacity) - carried
        } else {
            carried
        }
    }

    fn send(&mut self, node: u32, upwards: bool, amount: i64) {
        let place = self.place[node as usize];
        let link = place.link as usize;
        let signed = if place.up == upwards { amount } else { -amount };
        if link >= self.links {
            self.artificial[link - self.links] += signed;
        } else {
            self.flow[link] = shifted(self.flow[link], signed);
        }
    }

    fn pivot(&mut self, entering: usize) {
        let link = self.network.links()[entering];
        // Flow runs from the apex down to `first`, over the entering link, and from `second` up to the apex.
        let (first, second) = match self.state[entering] {
            State::Full => (link.head, link.tail),
            State::Empty | State::Tree => (link.tail, link.head),
        };
        let apex = self.apex(first, second);
        let mut amount = i64::from(link.capacity);
        let mut leaving = None;
        let mut node = first;
        while node != apex {
            let room = self.room(node, false);
            if room < amount {
                (amount, leaving) = (room, Some((node, first, second)));
            }
            node = self.place[node as usize].parent;
        }
        node = second;
        while node != apex {
            let room = self.room(node, true);
            if room <= amount {
                (amount, leaving) = (room, Some((node, second, first)));
            }
            node = self.place[node as usize].parent;
        }
        if amount > 0 {
            self.augment(entering, (first, second), apex, amount);
        }
        let Some((cut, inside, outside)) = leaving else {
            self.state[entering] = match self.state[entering] {
                State::Full => State::Empty,
                State::Empty | State::Tree => State::Full,
            };
            return;
        };
        let left = self.place[cut as usize].link as usize;
        if left < self.links {
            self.state[left] = if self.flow[left] == 0 { State::Empty } else { State::Full };
        }
        self.state[entering] = State::Tree;
        let gain = self.gain(link);
        self.hang(cut, inside, outside, entering);
        self.reprice(inside, if inside == link.tail { -gain } else { gain });
    }

    fn apex(&self, first: u32, second: u32) -> u32 {
        let (mut a, mut b) = (first, second);
        while a != b {
            let (place_a, place_b) = (self.place[a as usize], self.place[b as usize]);
            if place_a.depth >= place_b.depth {
                a = place_a.parent;
            }
            if place_b.depth >= place_a.depth {
                b = place_b.parent;
            }
        }
        a
    }

    fn augment(&mut self, entering: usize, (first, second): (u32, u32), apex: u32, amount: i64) {
        for (end, upwards) in [(first, false), (second, true)] {
            let mut node = end;
            while node != apex {
                self.send(node, upwards, amount);
                node = self.place[node as usize].parent;
            }
        }
        let signed = if self.state[entering] == State::Full { -amount } else { amount };
        self.flow[entering] = shifted(self.flow[entering], signed);
    }

    /// Hangs the subtree that was cut at `cut` by its node `inside` from `outside`.
    fn hang(&mut self, cut: u32, inside: u32, outside: u32, entering: usize) {
        let (mut node, mut parent, mut by) = (inside, outside, index(entering));
        loop {
            let old = self.place[node as usize];
            self.detach(node);
            let up = if (by as usize) < self.links {
                self.network.links()[by as usize].tail == node
            } else {
                false
            };
            let place = &mut self.place[node as usize];
            (place.parent, place.link, place.up) = (parent, by, up);
            self.attach(node, parent);
            if node == cut {
                return;
            }
            (parent, by, node) = (node, old.link, old.parent);
        }
    }

    fn detach(&mut self, node: u32) {
        let Place { parent, next, previous, .. } = self.place[node as usize];
        if previous == NONE {
            self.place[parent as usize].first_child = next;
        } else {
            self.place[previous as usize].next = next;
        }
        if next != NONE {
            self.place[next as usize].previous = previous;
        }
    }

    fn attach(&mut self, node: u32, parent: u32) {
        let next = self.place[parent as usize].first_child;
        self.place[parent as usize].first_child = node;
        if next != NONE {
            self.place[next as usize].previous = node;
        }
        (self.place[node as usize].next, self.place[node as usize].previous) = (next, NONE);
    }

    /// Shifts the prices of a subtree and counts its depths anew, without a stack.
    fn reprice(&mut self, top: u32, shift: i64) {
        let mut node = top;
        loop {
            let place = self.place[node as usize];
            self.price[node as usize] += shift;
            self.place[node as usize].depth = self.place[place.parent as usize].depth + 1;
            if place.first_child != NONE {
                node = place.first_child;
                continue;
            }
            loop {
                if node == top {
                    return;
                }
                let here = self.place[node as usize];
                if here.next != NONE {
                    node = here.next;
                    break;
                }
                node = here.parent;
            }
        }
    }

    fn answer(self) -> Result<Answer, NetworkError> {
        let lost: i64 = self.artificial.iter().sum();
        if lost > 0 {
            // Each unit that finds no way leaves by one artificial link and arrives by another.
            return Err(NetworkError::Infeasible((lost + 1) / 2));
        }
        debug_assert!(self.price[self.root as usize] == 0 && self.forbidding > 0);
        let flows: Vec<LinkFlow> = self
            .flow
            .iter()
            .enumerate()
            .filter(|&(_, &count)| count > 0)
            .map(|(link, &count)| LinkFlow { link: index(link), count })
            .collect();
        let mut prices = self.price;
        prices.truncate(self.network.nodes());
        let (mut cost, mut dual) = (i128::from(self.network.fixed_cost), 0_i128);
        for flow in &flows {
            let link = self.network.links()[flow.link as usize];
            cost += i128::from(flow.count) * i128::from(link.cost);
        }
        for (&supply, &price) in self.network.supply().iter().zip(&prices) {
            dual += i128::from(supply) * i128::from(price);
        }
        for link in self.network.links() {
            let gain =
                prices[link.tail as usize] - prices[link.head as usize] - i64::from(link.cost);
            dual -= i128::from(gain.max(0)) * i128::from(link.capacity);
        }
        dual += i128::from(self.network.fixed_cost);
        let fit = |sum: i128| i64::try_from(sum).map_err(|_wide| NetworkError::Overflow);
        let (objective, dual_bound) = (fit(cost)?, fit(dual)?);
        Ok(Answer { flows, prices, objective, dual_bound, engine: Engine::Simplex })
    }
}

/// A flow moved by an amount that keeps it within its capacity.
fn shifted(flow: u32, signed: i64) -> u32 {
    u32::try_from(i64::from(flow) + signed).unwrap_or(0)
}
