//! The returning officer's reception desk: every bag is received there, one station after the other at each counter
//! (custody step C13: serials read and scanned, Form 45 opened and hashed, receipt given).

/// When one station's handing over begins and ends, in the order of the arrivals given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub begin_s: u32,
    pub end_s: u32,
}

/// Serves arrivals (ascending) first come first served at so many counters; `service(place)` is the time the
/// arrival takes. Without a counter nobody is ever served: the list is empty.
pub fn serve(
    arrivals_s: &[u32],
    counters: u32,
    mut service: impl FnMut(usize) -> u32,
) -> Vec<Receipt> {
    if counters == 0 {
        return Vec::new();
    }
    let mut free = std::collections::BinaryHeap::new();
    let mut receipts = Vec::with_capacity(arrivals_s.len());
    for (place, &arrive_s) in arrivals_s.iter().enumerate() {
        let begin_s = if free.len() < counters as usize {
            arrive_s
        } else {
            free.pop().map_or(arrive_s, |std::cmp::Reverse(free_s)| arrive_s.max(free_s))
        };
        let end_s = begin_s.saturating_add(service(place));
        free.push(std::cmp::Reverse(end_s));
        receipts.push(Receipt { begin_s, end_s });
    }
    receipts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_counters_serve_in_the_order_of_arrival() {
        let receipts = serve(&[0, 0, 0, 50], 2, |_| 10);
        let due = [(0, 10), (0, 10), (10, 20), (50, 60)];
        let due = due.map(|(begin_s, end_s)| Receipt { begin_s, end_s });
        assert_eq!(receipts, due);
        assert!(serve(&[1], 0, |_| 1).is_empty());
    }

    #[test]
    fn more_counters_never_make_anybody_wait_longer() {
        let arrivals: Vec<u32> = (0..200).map(|n| n * n % 997).collect();
        let mut arrivals = arrivals;
        arrivals.sort_unstable();
        let service = |place: usize| 20 + u32::try_from(place * 7 % 31).unwrap();
        for counters in 1..8 {
            let few = serve(&arrivals, counters, service);
            let many = serve(&arrivals, counters + 1, service);
            assert!(few.iter().zip(&many).all(|(few, many)| many.begin_s <= few.begin_s));
        }
    }
}
