//! AVX-512 with VNNI: a register is sixteen lanes, a byte product is one instruction.
//!
//! Every `unsafe` block here but those that touch memory has one reason: an [`Avx512`] exists only where
//! [`Avx512::detect`] found the instructions. Those that touch memory go through references to arrays of the register's
//! own size.

use std::arch::x86_64::*;

use super::{LANES, Line, Simd};

/// Proof that this processor has AVX-512 F, BW, DQ, VL and VNNI.
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

impl Avx512 {
    pub fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        found.then_some(Self(()))
    }
}

/// A shift's count as the instructions want it.
macro_rules! count {
    ($bits:expr) => {
        _mm_cvtsi32_si128($bits as i32)
    };
}

impl Simd for Avx512 {
    type Words = __m512i;
    type Floats = __m512;
    const COLUMNS: usize = 12;
    const QUERIES: usize = 8;

    #[inline(always)]
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
        fn enter<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        // SAFETY: `self` proves the features.
        unsafe { enter(f) }
    }

    #[inline(always)]
    fn load(self, line: &Line) -> __m512i {
        // SAFETY: a line is 64 readable bytes, aligned to 64.
        unsafe { _mm512_load_si512(std::ptr::from_ref(line).cast()) }
    }

    #[inline(always)]
    fn store(self, words: __m512i, line: &mut Line) {
        // SAFETY: a line is 64 writable bytes, aligned to 64.
        unsafe { _mm512_store_si512(std::ptr::from_mut(line).cast(), words) }
    }

    #[inline(always)]
    fn splat(self, word: i32) -> __m512i {
        // SAFETY: `self` proves the features, here and in each block below that says no more.
        unsafe { _mm512_set1_epi32(word) }
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_and_si512(a, b) }
    }

    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_or_si512(a, b) }
    }

    #[inline(always)]
    fn add_words(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn shl(self, a: __m512i, bits: u32) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_sll_epi32(a, count!(bits)) }
    }

    #[inline(always)]
    fn shr(self, a: __m512i, bits: u32) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_srl_epi32(a, count!(bits)) }
    }

    #[inline(always)]
    fn shr_signed(self, a: __m512i, bits: u32) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_sra_epi32(a, count!(bits)) }
    }

    #[inline(always)]
    fn dots<const N: usize, const C: usize>(
        self,
        _bits: u32,
        start: [__m512i; C],
        weights: impl Fn(usize) -> __m512i,
        activations: &[[i32; C]; N],
    ) -> [__m512i; C] {
        let mut sums = start;
        for j in 0..N {
            let weights = weights(j);
            for c in 0..C {
                // SAFETY: as in `splat`.
                sums[c] =
                    unsafe { _mm512_dpbusd_epi32(sums[c], weights, _mm512_set1_epi32(activations[j][c])) };
            }
        }
        sums
    }

    #[inline(always)]
    fn scaled_dots<const N: usize, const C: usize>(
        self,
        bits: u32,
        start: [__m512i; C],
        scale: __m512i,
        weights: impl Fn(usize) -> __m512i,
        activations: &[[i32; C]; N],
    ) -> [__m512i; C] {
        let mut sums = self.dots(bits, [self.zero(); C], weights, activations);
        let scale = self.shr_signed(scale, 16);
        for c in 0..C {
            // SAFETY: as in `splat`.
            sums[c] = unsafe { _mm512_add_epi32(start[c], _mm512_mullo_epi32(sums[c], scale)) };
        }
        sums
    }

    #[inline(always)]
    fn dot_halves(self, sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_dpwssd_epi32(sum, a, b) }
    }

    #[inline(always)]
    fn halves_of_bytes(self, a: __m512i, low: usize, high: usize) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe {
            // Each byte to the upper half of its 16 bits, within the word that it is in; 0x80 and more gives zero.
            let places = _mm512_set1_epi32((0x0080_0080 | low << 8 | high << 24) as i32);
            let words = _mm512_set4_epi32(0x0c0c_0c0c, 0x0808_0808, 0x0404_0404, 0);
            let bytes = _mm512_shuffle_epi8(a, _mm512_add_epi8(places, words));
            _mm512_srai_epi16::<8>(bytes)
        }
    }

    #[inline(always)]
    fn sum_words(self, a: __m512i) -> i32 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_reduce_add_epi32(a) }
    }

    #[inline(always)]
    fn pack(self, a: __m512i) -> [i32; 4] {
        let mut packed = [0; 4];
        // SAFETY: as in `splat`; the store writes the sixteen bytes of `packed`.
        unsafe { _mm_storeu_si128(packed.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(a)) }
        packed
    }

    #[inline(always)]
    fn to_floats(self, a: __m512i) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_cvtepi32_ps(a) }
    }

    #[inline(always)]
    fn as_floats(self, a: __m512i) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_castsi512_ps(a) }
    }

    #[inline(always)]
    fn round(self, a: __m512) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_cvtps_epi32(a) }
    }

    #[inline(always)]
    fn load_floats(self, from: &[f32; LANES]) -> __m512 {
        // SAFETY: as in `splat`; the array is 64 readable bytes.
        unsafe { _mm512_loadu_ps(from.as_ptr()) }
    }

    #[inline(always)]
    fn store_floats(self, a: __m512, to: &mut [f32; LANES]) {
        // SAFETY: as in `splat`; the array is 64 writable bytes.
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), a) }
    }

    #[inline(always)]
    fn splat_float(self, value: f32) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_set1_ps(value) }
    }

    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_sub_ps(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_mul_ps(a, b) }
    }

    #[inline(always)]
    fn div(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_div_ps(a, b) }
    }

    #[inline(always)]
    fn mul_add(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn max(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_max_ps(a, b) }
    }

    #[inline(always)]
    fn min(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_min_ps(a, b) }
    }

    #[inline(always)]
    fn abs(self, a: __m512) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_abs_ps(a) }
    }

    #[inline(always)]
    fn sum(self, a: __m512) -> f32 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_reduce_add_ps(a) }
    }

    #[inline(always)]
    fn largest(self, a: __m512) -> f32 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_reduce_max_ps(a) }
    }

    #[inline(always)]
    fn widen_f16(self, from: &[u16; LANES]) -> __m512 {
        // SAFETY: as in `splat`; the array is 32 readable bytes.
        unsafe { _mm512_cvtph_ps(_mm256_loadu_si256(from.as_ptr().cast())) }
    }

    #[inline(always)]
    fn widen_bf16(self, from: &[u16; LANES]) -> __m512 {
        // SAFETY: as in `splat`; the array is 32 readable bytes.
        unsafe {
            let words = _mm512_cvtepu16_epi32(_mm256_loadu_si256(from.as_ptr().cast()));
            _mm512_castsi512_ps(_mm512_slli_epi32::<16>(words))
        }
    }

    #[inline(always)]
    fn widen_i8(self, from: &[i8; LANES]) -> __m512 {
        // SAFETY: as in `splat`; the array is 16 readable bytes.
        unsafe { _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(from.as_ptr().cast()))) }
    }

    #[inline(always)]
    fn narrow_f16(self, a: __m512, to: &mut [u16; LANES]) {
        // SAFETY: as in `splat`; the array is 32 writable bytes.
        unsafe {
            let halves = _mm512_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(a);
            _mm256_storeu_si256(to.as_mut_ptr().cast(), halves);
        }
    }

    #[inline(always)]
    fn prefetch(self, line: &Line, near: usize, far: usize) {
        let line = std::ptr::from_ref(line);
        // SAFETY: a prefetch of any address, mapped or not, is only a hint.
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(line.wrapping_add(near).cast());
            _mm_prefetch::<_MM_HINT_T1>(line.wrapping_add(far).cast());
        }
    }

    #[inline(always)]
    fn zero(self) -> __m512i {
        // SAFETY: as in `splat`.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    fn zero_floats(self) -> __m512 {
        // SAFETY: as in `splat`.
        unsafe { _mm512_setzero_ps() }
    }
}
