//! AVX2 with FMA and F16C: a pair of registers is sixteen lanes. With AVX-VNNI a sum of byte products is one instruction.
//!
//! Every `unsafe` block here but those that touch memory has one reason: an [`Avx2`] exists only where
//! [`Avx2::detect`] found the instructions. Those that touch memory go through references to arrays of two registers'
//! size.

mod dots;

use std::arch::x86_64::*;

use super::{LANES, Line, Simd};

/// Proof that this processor has AVX2, FMA and F16C, and AVX-VNNI where `VNNI` says so.
#[derive(Clone, Copy, Debug)]
pub struct Avx2<const VNNI: bool>(());

impl<const VNNI: bool> Avx2<VNNI> {
    pub fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c")
            && (!VNNI || is_x86_feature_detected!("avxvnni"));
        found.then_some(Self(()))
    }
}

type Words = [__m256i; 2];
type Floats = [__m256; 2];

/// A shift's count as the instructions want it.
macro_rules! count {
    ($bits:expr) => {
        _mm_cvtsi32_si128($bits as i32)
    };
}

impl<const VNNI: bool> Simd for Avx2<VNNI> {
    type Words = Words;
    type Floats = Floats;
    const COLUMNS: usize = 4;
    const QUERIES: usize = 4;

    #[inline(always)]
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2,fma,f16c")]
        fn enter<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        #[target_feature(enable = "avx2,fma,f16c,avxvnni")]
        fn enter_with_vnni<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        // SAFETY: `self` proves the features.
        unsafe { if VNNI { enter_with_vnni(f) } else { enter(f) } }
    }

    #[inline(always)]
    fn load(self, line: &Line) -> Words {
        let halves = line.halves();
        // SAFETY: each half of a line is 32 readable bytes, aligned to 32.
        unsafe {
            [
                _mm256_load_si256(halves[0].as_ptr().cast()),
                _mm256_load_si256(halves[1].as_ptr().cast()),
            ]
        }
    }

    #[inline(always)]
    fn store(self, words: Words, line: &mut Line) {
        let to: *mut __m256i = std::ptr::from_mut(line).cast();
        // SAFETY: a line is two registers of writable bytes, aligned to 64.
        unsafe {
            _mm256_store_si256(to, words[0]);
            _mm256_store_si256(to.add(1), words[1]);
        }
    }

    #[inline(always)]
    fn splat(self, word: i32) -> Words {
        // SAFETY: `self` proves the features, here and in each block below that says no more.
        unsafe { [_mm256_set1_epi32(word); 2] }
    }

    #[inline(always)]
    fn and(self, a: Words, b: Words) -> Words {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_and_si256(a[0], b[0]), _mm256_and_si256(a[1], b[1])] }
    }

    #[inline(always)]
    fn or(self, a: Words, b: Words) -> Words {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_or_si256(a[0], b[0]), _mm256_or_si256(a[1], b[1])] }
    }

    #[inline(always)]
    fn add_words(self, a: Words, b: Words) -> Words {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_add_epi32(a[0], b[0]), _mm256_add_epi32(a[1], b[1])] }
    }

    #[inline(always)]
    fn shl(self, a: Words, bits: u32) -> Words {
        // SAFETY: as in `splat`.
        unsafe {
            [
                _mm256_sll_epi32(a[0], count!(bits)),
                _mm256_sll_epi32(a[1], count!(bits)),
            ]
        }
    }

    #[inline(always)]
    fn shr(self, a: Words, bits: u32) -> Words {
        // SAFETY: as in `splat`.
        unsafe {
            [
                _mm256_srl_epi32(a[0], count!(bits)),
                _mm256_srl_epi32(a[1], count!(bits)),
            ]
        }
    }

    #[inline(always)]
    fn shr_signed(self, a: Words, bits: u32) -> Words {
        // SAFETY: as in `splat`.
        unsafe {
            [
                _mm256_sra_epi32(a[0], count!(bits)),
                _mm256_sra_epi32(a[1], count!(bits)),
            ]
        }
    }

    #[inline(always)]
    fn dots<const N: usize, const C: usize>(
        self,
        bits: u32,
        start: [Words; C],
        weights: impl Fn(usize) -> Words,
        activations: &[[i32; C]; N],
    ) -> [Words; C] {
        if VNNI {
            // SAFETY: as in `splat`, with VNNI.
            return unsafe { dots::whole(start, weights, activations) };
        }
        if bits > 6 {
            return dots::wide(self, start, weights, activations);
        }
        self.scaled_dots(bits, start, self.splat(0x0001_0001), weights, activations)
    }

    #[inline(always)]
    fn scaled_dots<const N: usize, const C: usize>(
        self,
        bits: u32,
        start: [Words; C],
        scale: Words,
        weights: impl Fn(usize) -> Words,
        activations: &[[i32; C]; N],
    ) -> [Words; C] {
        if !VNNI {
            return dots::narrow(self, bits, start, scale, weights, activations);
        }
        // SAFETY: as in `splat`, with VNNI.
        let mut sums = unsafe { dots::whole([self.zero(); C], weights, activations) };
        let scale = self.shr_signed(scale, 16);
        for (sum, start) in sums.iter_mut().zip(start) {
            // SAFETY: as in `splat`.
            let scaled = unsafe {
                [
                    _mm256_mullo_epi32(sum[0], scale[0]),
                    _mm256_mullo_epi32(sum[1], scale[1]),
                ]
            };
            *sum = self.add_words(start, scaled);
        }
        sums
    }

    #[inline(always)]
    fn dot_halves(self, sum: Words, a: Words, b: Words) -> Words {
        // SAFETY: as in `splat`.
        unsafe {
            [
                _mm256_add_epi32(sum[0], _mm256_madd_epi16(a[0], b[0])),
                _mm256_add_epi32(sum[1], _mm256_madd_epi16(a[1], b[1])),
            ]
        }
    }

    #[inline(always)]
    fn halves_of_bytes(self, a: Words, low: usize, high: usize) -> Words {
        // SAFETY: as in `splat`.
        unsafe {
            // Each byte to the upper half of its 16 bits, within the word that it is in; 0x80 and more gives zero.
            let places = _mm256_set1_epi32((0x0080_0080 | low << 8 | high << 24) as i32);
            let words = _mm256_set_epi32(
                0x0c0c_0c0c,
                0x0808_0808,
                0x0404_0404,
                0,
                0x0c0c_0c0c,
                0x0808_0808,
                0x0404_0404,
                0,
            );
            let places = _mm256_add_epi8(places, words);
            [
                _mm256_srai_epi16::<8>(_mm256_shuffle_epi8(a[0], places)),
                _mm256_srai_epi16::<8>(_mm256_shuffle_epi8(a[1], places)),
            ]
        }
    }

    #[inline(always)]
    fn sum_words(self, a: Words) -> i32 {
        // SAFETY: as in `splat`.
        unsafe {
            let eight = _mm256_add_epi32(a[0], a[1]);
            let four = _mm_add_epi32(
                _mm256_castsi256_si128(eight),
                _mm256_extracti128_si256::<1>(eight),
            );
            let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b01_00_11_10>(four));
            _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32::<0b10_11_00_01>(two)))
        }
    }

    #[inline(always)]
    fn pack(self, a: Words) -> [i32; 4] {
        let mut packed = [0; 4];
        // SAFETY: as in `splat`; the store writes the sixteen bytes of `packed`.
        unsafe {
            let low_bytes = _mm256_setr_epi8(
                0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, //
                -1, -1, -1, -1, 0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1,
            );
            let join = |half: __m256i| {
                let bytes = _mm256_shuffle_epi8(half, low_bytes);
                _mm_or_si128(
                    _mm256_castsi256_si128(bytes),
                    _mm256_extracti128_si256::<1>(bytes),
                )
            };
            let all = _mm_unpacklo_epi64(join(a[0]), join(a[1]));
            _mm_storeu_si128(packed.as_mut_ptr().cast(), all);
        }
        packed
    }

    #[inline(always)]
    fn to_floats(self, a: Words) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_cvtepi32_ps(a[0]), _mm256_cvtepi32_ps(a[1])] }
    }

    #[inline(always)]
    fn as_floats(self, a: Words) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_castsi256_ps(a[0]), _mm256_castsi256_ps(a[1])] }
    }

    #[inline(always)]
    fn round(self, a: Floats) -> Words {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_cvtps_epi32(a[0]), _mm256_cvtps_epi32(a[1])] }
    }

    #[inline(always)]
    fn load_floats(self, from: &[f32; LANES]) -> Floats {
        // SAFETY: as in `splat`; the array is two registers of readable bytes.
        unsafe {
            [
                _mm256_loadu_ps(from.as_ptr()),
                _mm256_loadu_ps(from.as_ptr().add(8)),
            ]
        }
    }

    #[inline(always)]
    fn store_floats(self, a: Floats, to: &mut [f32; LANES]) {
        // SAFETY: as in `splat`; the array is two registers of writable bytes.
        unsafe {
            _mm256_storeu_ps(to.as_mut_ptr(), a[0]);
            _mm256_storeu_ps(to.as_mut_ptr().add(8), a[1]);
        }
    }

    #[inline(always)]
    fn splat_float(self, value: f32) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_set1_ps(value); 2] }
    }

    #[inline(always)]
    fn add(self, a: Floats, b: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn sub(self, a: Floats, b: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn mul(self, a: Floats, b: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn div(self, a: Floats, b: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_div_ps(a[0], b[0]), _mm256_div_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn mul_add(self, a: Floats, b: Floats, c: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe {
            [
                _mm256_fmadd_ps(a[0], b[0], c[0]),
                _mm256_fmadd_ps(a[1], b[1], c[1]),
            ]
        }
    }

    #[inline(always)]
    fn max(self, a: Floats, b: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_max_ps(a[0], b[0]), _mm256_max_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn min(self, a: Floats, b: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_min_ps(a[0], b[0]), _mm256_min_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn abs(self, a: Floats) -> Floats {
        // SAFETY: as in `splat`.
        unsafe {
            let sign = _mm256_set1_ps(-0.0);
            [_mm256_andnot_ps(sign, a[0]), _mm256_andnot_ps(sign, a[1])]
        }
    }

    #[inline(always)]
    fn sum(self, a: Floats) -> f32 {
        // SAFETY: as in `splat`.
        unsafe {
            let eight = _mm256_add_ps(a[0], a[1]);
            let four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two)))
        }
    }

    #[inline(always)]
    fn largest(self, a: Floats) -> f32 {
        // SAFETY: as in `splat`.
        unsafe {
            let eight = _mm256_max_ps(a[0], a[1]);
            let four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight));
            let two = _mm_max_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps::<1>(two, two)))
        }
    }

    #[inline(always)]
    fn widen_f16(self, from: &[u16; LANES]) -> Floats {
        // SAFETY: as in `splat`; the array is 32 readable bytes.
        unsafe {
            let from: *const __m128i = from.as_ptr().cast();
            [
                _mm256_cvtph_ps(_mm_loadu_si128(from)),
                _mm256_cvtph_ps(_mm_loadu_si128(from.add(1))),
            ]
        }
    }

    #[inline(always)]
    fn widen_bf16(self, from: &[u16; LANES]) -> Floats {
        // SAFETY: as in `splat`; the array is 32 readable bytes.
        unsafe {
            let from: *const __m128i = from.as_ptr().cast();
            let widen = |half| _mm256_castsi256_ps(_mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(half)));
            [widen(_mm_loadu_si128(from)), widen(_mm_loadu_si128(from.add(1)))]
        }
    }

    #[inline(always)]
    fn widen_i8(self, from: &[i8; LANES]) -> Floats {
        // SAFETY: as in `splat`; each load reads eight bytes of the array's 16.
        unsafe {
            let from: *const __m128i = from.as_ptr().cast();
            let widen = |half| _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(half));
            [
                widen(_mm_loadl_epi64(from)),
                widen(_mm_loadl_epi64(from.byte_add(8))),
            ]
        }
    }

    #[inline(always)]
    fn narrow_f16(self, a: Floats, to: &mut [u16; LANES]) {
        let to: *mut __m128i = to.as_mut_ptr().cast();
        // SAFETY: as in `splat`; the array is 32 writable bytes.
        unsafe {
            _mm_storeu_si128(to, _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(a[0]));
            _mm_storeu_si128(to.add(1), _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(a[1]));
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
    fn zero(self) -> Words {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_setzero_si256(); 2] }
    }

    #[inline(always)]
    fn zero_floats(self) -> Floats {
        // SAFETY: as in `splat`.
        unsafe { [_mm256_setzero_ps(); 2] }
    }
}
