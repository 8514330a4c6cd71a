//! Things of one kind that convoys share: lorries, escorts, aircraft.

/// When each of them is free, earliest first.
#[derive(Clone, Debug)]
pub(super) struct Pool(Vec<u32>);

impl Pool {
    pub(super) fn new(count: u32) -> Self {
        Self(vec![0; count as usize])
    }

    /// When so many are free together; none when there are not so many.
    pub(super) fn free_s(&self, count: u32) -> Option<u32> {
        match (count as usize).checked_sub(1) {
            None => Some(0),
            Some(last) => self.0.get(last).copied(),
        }
    }

    /// Takes the first so many until a moment.
    pub(super) fn take(&mut self, count: u32, until_s: u32) {
        let count = (count as usize).min(self.0.len());
        for free in &mut self.0[..count] {
            *free = until_s;
        }
        self.0.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_free_again_when_it_is_back() {
        let mut pool = Pool::new(3);
        assert_eq!((pool.free_s(0), pool.free_s(3), pool.free_s(4)), (Some(0), Some(0), None));
        pool.take(2, 50);
        assert_eq!((pool.free_s(1), pool.free_s(2)), (Some(0), Some(50)));
        pool.take(2, 90);
        assert_eq!(
            (pool.free_s(1), pool.free_s(2), pool.free_s(3)),
            (Some(50), Some(90), Some(90))
        );
    }
}
