use super::*;
use crate::hash::unhex;
use proptest::prelude::*;

/// All leaves in memory; a subtree is hashed anew whenever somebody asks.
struct Naive(Vec<Hash>);

impl Subtrees for Naive {
    fn subtree(&self, level: u8, index: u64) -> Result<Hash, TreeError> {
        let (from, width) = (usize::try_from(index << level).unwrap(), 1_usize << level);
        let leaves = self.0.get(from..from + width);
        leaves.map(naive_root).ok_or_else(|| TreeError::Unreadable(format!("{level}/{index}")))
    }
}

/// MTH of RFC 6962 §2.1, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        many => {
            let mut k = 1;
            while k * 2 < many.len() {
                k *= 2;
            }
            node_hash(&naive_root(&many[..k]), &naive_root(&many[k..]))
        }
    }
}

/// PATH of RFC 6962 §2.1.1, word for word.
fn naive_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    let (mut path, beside) = if m < k {
        (naive_path(m, &leaves[..k]), naive_root(&leaves[k..]))
    } else {
        (naive_path(m - k, &leaves[k..]), naive_root(&leaves[..k]))
    };
    path.push(beside);
    path
}

/// SUBPROOF of RFC 6962 §2.1.2, word for word.
fn naive_subproof(m: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    let (mut path, beside) = if m <= k {
        (naive_subproof(m, &leaves[..k], known), naive_root(&leaves[k..]))
    } else {
        (naive_subproof(m - k, &leaves[k..], false), naive_root(&leaves[..k]))
    };
    path.push(beside);
    path
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

#[test]
fn the_roots_that_certificate_transparency_publishes() {
    let records = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut edge = Edge::default();
    assert_eq!(
        edge.root().to_string(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    for (record, expected) in records.iter().zip(roots) {
        edge.push(leaf_hash(&unhex(record).unwrap()));
        assert_eq!(edge.root().to_string(), expected);
    }
}

#[test]
fn every_proof_of_every_small_tree_is_the_standards_and_holds() {
    for size in 0..=40_usize {
        let all = Naive(leaves(size));
        let n = u64::try_from(size).unwrap();
        let whole = root(&all, n).unwrap();
        assert_eq!(whole, naive_root(&all.0));
        for m in 0..size {
            let index = u64::try_from(m).unwrap();
            let path = inclusion(&all, index, n).unwrap();
            assert_eq!(path, naive_path(m, &all.0));
            assert!(verify_inclusion(&all.0[m], index, n, &path, &whole));
        }
        for m in 0..=size {
            let old = u64::try_from(m).unwrap();
            let path = consistency(&all, old, n).unwrap();
            let expected = if m == 0 { Vec::new() } else { naive_subproof(m, &all.0, true) };
            assert_eq!(path, expected, "{m} of {size}");
            let before = naive_root(&all.0[..m]);
            assert!(verify_consistency(old, &before, n, &whole, &path), "{m} of {size}");
        }
    }
}

#[test]
fn no_other_place_root_or_hash_passes_a_proof() {
    for size in 1..=17_usize {
        let all = Naive(leaves(size));
        let n = u64::try_from(size).unwrap();
        let whole = naive_root(&all.0);
        for m in 0..size {
            let index = u64::try_from(m).unwrap();
            let path = inclusion(&all, index, n).unwrap();
            for other in 0..n + 2 {
                let holds = verify_inclusion(&all.0[m], other, n, &path, &whole);
                assert_eq!(holds, other == index, "{m} at {other} of {size}");
            }
            for at in 0..path.len() {
                let mut bent = path.clone();
                bent[at].0[31] ^= 1;
                assert!(!verify_inclusion(&all.0[m], index, n, &bent, &whole));
                bent.remove(at);
                assert!(!verify_inclusion(&all.0[m], index, n, &bent, &whole));
            }
            let longer = [path, vec![whole]].concat();
            assert!(!verify_inclusion(&all.0[m], index, n, &longer, &whole));
        }
        for m in 1..size {
            let old = u64::try_from(m).unwrap();
            let path = consistency(&all, old, n).unwrap();
            let before = naive_root(&all.0[..m]);
            let mut forked = all.0[..m].to_vec();
            forked[m / 2].0[0] ^= 1;
            assert!(!verify_consistency(old, &naive_root(&forked), n, &whole, &path));
            for at in 0..path.len() {
                let mut bent = path.clone();
                bent[at].0[0] ^= 1;
                assert!(!verify_consistency(old, &before, n, &whole, &bent));
                bent.remove(at);
                assert!(!verify_consistency(old, &before, n, &whole, &bent));
            }
            let longer = [path, vec![whole]].concat();
            assert!(!verify_consistency(old, &before, n, &whole, &longer));
        }
    }
}

#[test]
fn places_outside_a_tree_have_no_proof() {
    let all = Naive(leaves(3));
    assert_eq!(inclusion(&all, 3, 3), Err(TreeError::NotInTree { index: 3, size: 3 }));
    assert_eq!(consistency(&all, 4, 3), Err(TreeError::NotABeginning { old: 4, new: 3 }));
    assert!(matches!(root(&all, 4), Err(TreeError::Unreadable(_))));
    assert!(!verify_inclusion(&Hash::ZERO, 0, 0, &[], &empty_root()));
    assert!(!verify_inclusion(&Hash::ZERO, 0, u64::MAX, &[], &Hash::ZERO));
}

proptest! {
    #[test]
    fn no_numbers_make_the_checks_stumble(
        index: u64, size: u64, old: u64,
        path in proptest::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let path: Vec<Hash> = path.into_iter().map(Hash).collect();
        prop_assert!(!verify_inclusion(&Hash::ZERO, index, size, &path, &Hash([9; 32])));
        prop_assert!(!verify_consistency(old, &Hash([8; 32]), size, &Hash([9; 32]), &path));
    }
}
