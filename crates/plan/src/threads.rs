//! Work on several threads at once. Nothing depends on how many there are, and the work of a thread that panics is not
//! left out: its panic goes on in the caller.

use pehra_domain::progress::{Cancelled, Watch, tell};
use std::{
    ops::Range,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread::ScopedJoinHandle,
};

/// What a thread gives.
pub(crate) fn joined<R>(thread: ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Parts `0..count` into runs of neighbours, one a thread; the results are in the order of the runs.
pub(crate) fn in_runs<R: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> R + Sync,
) -> Vec<R> {
    let share = count.div_ceil(threads.max(1)).max(1);
    if share >= count {
        return (count > 0).then(|| work(0..count)).into_iter().collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..count)
            .step_by(share)
            .map(|begin| scope.spawn(move || work(begin..(begin + share).min(count))))
            .collect();
        runs.into_iter().map(joined).collect()
    })
}

/// Applies `work` to every item on some threads. Each thread takes the next batch when it is free, so that a busy
/// machine holds nobody up; the results are put back in the order of the items. The watcher is asked between batches.
pub(crate) fn in_batches<T: Sync, R: Send, S: Default>(
    (items, size): (&[T], usize),
    threads: usize,
    stage: &'static str,
    watch: &mut Watch<'_>,
    work: impl Fn(&T, &mut S) -> R + Sync,
) -> Result<Vec<R>, Cancelled> {
    let batches: Vec<&[T]> = items.chunks(size).collect();
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let take = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) { None } else { Some((at, *batches.get(at)?)) }
    };
    let run = |batch: &[T], scratch: &mut S| -> Vec<R> {
        batch.iter().map(|item| work(item, scratch)).collect()
    };
    let help = || {
        let mut scratch = S::default();
        std::iter::from_fn(take)
            .map(|(at, batch)| (at, run(batch, &mut scratch)))
            .collect::<Vec<(usize, Vec<R>)>>()
    };
    let total = items.len() as u64;
    let mut parts = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.clamp(1, 256)).map(|_| scope.spawn(help)).collect();
        let mut scratch = S::default();
        let mut parts = Vec::new();
        while let Some((at, batch)) = take() {
            let done = (at * size) as u64;
            if let Err(cancelled) = tell(watch, stage, done, total) {
                stop.store(true, Ordering::Relaxed);
                return Err(cancelled);
            }
            parts.push((at, run(batch, &mut scratch)));
        }
        parts.extend(helpers.into_iter().flat_map(joined));
        Ok(parts)
    })?;
    parts.sort_unstable_by_key(|(at, _)| *at);
    tell(watch, stage, total, total)?;
    Ok(parts.into_iter().flat_map(|(_, part)| part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    #[test]
    fn every_item_comes_back_once_and_in_order() {
        let items: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 2, 3, 7, 400] {
            for size in [1, 7, 100, 101] {
                let go_on = &mut |_| ControlFlow::Continue(());
                let double = |item: &usize, (): &mut ()| item * 2;
                let found = in_batches((&items, size), threads, "test", go_on, double).unwrap();
                assert_eq!(found, (0..100).map(|item| item * 2).collect::<Vec<_>>());
            }
            let runs = in_runs(100, threads, |run| run.collect::<Vec<usize>>());
            assert!(runs.len() <= threads.max(1));
            assert_eq!(runs.concat(), items);
        }
        assert!(in_runs(0, 3, |run| run.len()).is_empty());
    }

    #[test]
    fn what_panics_on_any_thread_is_never_left_out() {
        let items: Vec<usize> = (0..100).collect();
        for threads in [1, 4] {
            let batches = || {
                let work = |item: &usize, (): &mut ()| assert_ne!(*item, 70);
                in_batches((&items, 5), threads, "test", &mut |_| ControlFlow::Continue(()), work)
            };
            assert!(std::panic::catch_unwind(batches).is_err(), "{threads} threads");
            let runs = || in_runs(100, threads, |run| assert!(!run.contains(&70)));
            assert!(std::panic::catch_unwind(runs).is_err(), "{threads} threads");
        }
    }
}
