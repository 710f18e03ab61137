//! Which type each tensor is stored in: the mixtures of llama.cpp (`llama-quant.cpp`), so that a file converted here has
//! the size and the quality that people know by the mixture's name.

use crate::models::gguf::GgmlType;

/// What a model is quantised to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quant {
    /// Four to six bits a weight: the usual choice.
    #[default]
    Q4KM,
    /// Eight bits a weight: hardly a loss, and twice the size.
    Q8_0,
}

impl Quant {
    pub const ALL: [Self; 2] = [Self::Q4KM, Self::Q8_0];

    pub fn name(self) -> &'static str {
        match self {
            Self::Q4KM => "Q4_K_M",
            Self::Q8_0 => "Q8_0",
        }
    }

    /// The mixture called `name`, in any case.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|quant| quant.name().eq_ignore_ascii_case(name))
    }

    /// `general.file_type` (`llama.h`, `enum llama_ftype`).
    pub(super) fn file_type(self) -> u32 {
        match self {
            Self::Q4KM => 15,
            Self::Q8_0 => 7,
        }
    }

    /// The type of a matrix with `columns` numbers a row.
    pub(super) fn matrix(self, part: Part, columns: u64) -> GgmlType {
        let wanted = match (self, part) {
            (Self::Q8_0, _) => GgmlType::Q8_0,
            (Self::Q4KM, Part::Output) => GgmlType::Q6_K,
            (Self::Q4KM, Part::Sensitive { layer, layers }) if gets_more_bits(layer, layers) => {
                GgmlType::Q6_K
            }
            (Self::Q4KM, _) => GgmlType::Q4_K,
        };
        let divides = |dtype: GgmlType| columns.is_multiple_of(dtype.block_len() as u64);
        let narrower = match wanted {
            GgmlType::Q4_K => GgmlType::Q5_0,
            _ => GgmlType::Q8_0,
        };
        [wanted, narrower]
            .into_iter()
            .find(|dtype| divides(*dtype))
            .unwrap_or(GgmlType::F16)
    }
}

/// What a matrix is for, as far as its type depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The output matrix, or the embedding where it serves as one.
    Output,
    /// Values of attention and the way out of the feed-forward network.
    Sensitive {
        layer: u64,
        layers: u64,
    },
    Other,
}

/// The first and last eighths of the layers, and every third between.
fn gets_more_bits(layer: u64, layers: u64) -> bool {
    let eighth = layers / 8;
    layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_7b_is_mixed_as_everywhere() {
        let more: Vec<u64> = (0..28).filter(|layer| gets_more_bits(*layer, 28)).collect();
        assert_eq!(more, [0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27]);
    }

    #[test]
    fn widths_that_blocks_do_not_divide_fall_back() {
        let sensitive = Part::Sensitive { layer: 0, layers: 8 };
        for (part, columns, dtype) in [
            (Part::Other, 3584, GgmlType::Q4_K),
            (Part::Other, 896, GgmlType::Q5_0),
            (Part::Other, 100, GgmlType::F16),
            (sensitive, 4864, GgmlType::Q6_K),
            (sensitive, 896, GgmlType::Q8_0),
            (Part::Output, 896, GgmlType::Q8_0),
            (Part::Output, 1536, GgmlType::Q6_K),
        ] {
            assert_eq!(Quant::Q4KM.matrix(part, columns), dtype, "{part:?} {columns}");
        }
        assert_eq!(Quant::Q8_0.matrix(sensitive, 896), GgmlType::Q8_0);
        assert_eq!(Quant::Q8_0.matrix(Part::Output, 24), GgmlType::F16);
    }
}
