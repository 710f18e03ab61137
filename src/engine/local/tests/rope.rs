//! Rotary embeddings: laws, and values worked out from the papers' formulas.

use crate::engine::local::rope::{Pairing, Rope, RopeConfig, Scaling};

fn rope(pairing: Pairing, scaling: Scaling) -> Rope {
    Rope::new(
        &RopeConfig {
            pairing,
            dims: 64,
            base: 10_000.0,
            scaling,
        },
        None,
    )
}

fn at(rope: &Rope, position: usize, head: &[f32]) -> Vec<f32> {
    let mut table = vec![0.0; rope.table_len()];
    rope.table(position, &mut table);
    let mut head = head.to_vec();
    rope.rotate(&table, &mut head);
    head
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn products_depend_on_the_distance_only() {
    let a: Vec<f32> = (0..64).map(|i| (i as f32 * 0.37).sin()).collect();
    let b: Vec<f32> = (0..64).map(|i| (i as f32 * 0.91).cos()).collect();
    for pairing in [Pairing::Adjacent, Pairing::Halves] {
        let rope = rope(pairing, Scaling::None);
        assert_eq!(at(&rope, 0, &a), a);
        let near = dot(&at(&rope, 3, &a), &at(&rope, 10, &b));
        let far = dot(&at(&rope, 1003, &a), &at(&rope, 1010, &b));
        assert!((near - far).abs() < 1e-3, "{near} {far}");
        assert!((dot(&at(&rope, 5000, &a), &at(&rope, 5000, &a)) - dot(&a, &a)).abs() < 1e-3);
    }
}

#[test]
fn only_the_rotated_numbers_change() {
    let rope = Rope::new(
        &RopeConfig {
            pairing: Pairing::Halves,
            dims: 32,
            base: 10_000.0,
            scaling: Scaling::None,
        },
        None,
    );
    let head: Vec<f32> = (0..64).map(|i| i as f32).collect();
    let turned = at(&rope, 7, &head);
    assert_eq!(turned[32..], head[32..]);
    assert!(turned[..32].iter().zip(&head).skip(1).any(|(a, b)| a != b));
}

#[test]
fn linear_scaling_and_divisors_slow_positions() {
    let head: Vec<f32> = (0..64).map(|i| (i as f32).sqrt()).collect();
    let plain = rope(Pairing::Halves, Scaling::None);
    let linear = rope(Pairing::Halves, Scaling::Linear { factor: 4.0 });
    let config = RopeConfig {
        pairing: Pairing::Halves,
        dims: 64,
        base: 10_000.0,
        scaling: Scaling::None,
    };
    let divided = Rope::new(&config, Some(&[4.0; 32]));
    for (a, (b, c)) in at(&plain, 25, &head)
        .iter()
        .zip(at(&linear, 100, &head).iter().zip(at(&divided, 100, &head)))
    {
        assert!((a - b).abs() < 1e-4 && (a - c).abs() < 1e-4);
    }
}

#[test]
fn yarn_keeps_fast_pairs_and_slows_slow_ones() {
    let yarn = Scaling::Yarn {
        factor: 4.0,
        original_context: 4096.0,
        magnitude: 1.0,
    };
    let yarn = rope(Pairing::Halves, yarn);
    let mut table = vec![0.0; 64];
    yarn.table(1, &mut table);
    let magnitude = 1.0 + 0.1 * 4f64.ln();
    // The first pair turns 652 times over the original context, the last 0.09 times.
    assert!((f64::from(table[32]) - magnitude * 1f64.sin()).abs() < 1e-6);
    let slowest = 10_000f64.powf(-62.0 / 64.0) / 4.0;
    assert!((f64::from(table[63]) - magnitude * slowest.sin()).abs() < 1e-9);
}
