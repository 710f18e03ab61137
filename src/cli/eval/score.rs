//! The four accuracies: of prompts, all of whose instructions an answer follows, and of instructions; strict and loose, as
//! the published checkers decide. What cannot be checked counts as not followed.

use serde::Serialize;

use crate::chat::Finish;
use crate::cli::verdicts::Verdicts;

/// Counts of what was answered so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub prompts: usize,
    pub instructions: usize,
    /// Of the instructions, those that cannot be checked.
    pub not_checkable: usize,
    /// Answers that ended because the limit of tokens or the context did.
    pub cut: usize,
    strict: Followed,
    loose: Followed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Followed {
    prompts: usize,
    instructions: usize,
}

/// Shares from 0 to 1; `None` of nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Accuracies {
    pub prompt_strict: Option<f64>,
    pub instruction_strict: Option<f64>,
    pub prompt_loose: Option<f64>,
    pub instruction_loose: Option<f64>,
}

impl Score {
    pub fn add(&mut self, verdicts: &Verdicts, finish: Finish) {
        let followed = |verdicts: &[Option<bool>]| verdicts.iter().filter(|v| **v == Some(true)).count();
        self.prompts += 1;
        self.instructions += verdicts.strict.len();
        self.not_checkable += verdicts.strict.iter().filter(|verdict| verdict.is_none()).count();
        self.cut += usize::from(matches!(finish, Finish::Length | Finish::ContextFull));
        self.strict.prompts += usize::from(verdicts.follow_all_strict);
        self.strict.instructions += followed(&verdicts.strict);
        self.loose.prompts += usize::from(verdicts.follow_all_loose);
        self.loose.instructions += followed(&verdicts.loose);
    }

    pub fn accuracies(&self) -> Accuracies {
        let share = |followed: usize, of: usize| (of > 0).then(|| followed as f64 / of as f64);
        Accuracies {
            prompt_strict: share(self.strict.prompts, self.prompts),
            instruction_strict: share(self.strict.instructions, self.instructions),
            prompt_loose: share(self.loose.prompts, self.prompts),
            instruction_loose: share(self.loose.instructions, self.instructions),
        }
    }
}

/// `42.9`, or a dash for nothing.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |share| format!("{:.1}", 100.0 * share))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(strict: &[Option<bool>], loose: &[Option<bool>]) -> Verdicts {
        let all = |verdicts: &[Option<bool>]| verdicts.iter().all(|v| *v == Some(true));
        Verdicts {
            instruction_id_list: Vec::new(),
            follow_all_strict: all(strict),
            follow_all_loose: all(loose),
            strict: strict.to_vec(),
            loose: loose.to_vec(),
            values: Vec::new(),
        }
    }

    #[test]
    fn what_cannot_be_checked_is_not_followed() {
        const YES: Option<bool> = Some(true);
        const NO: Option<bool> = Some(false);
        let mut score = Score::default();
        assert_eq!(percent(score.accuracies().prompt_strict), "–");
        score.add(&verdicts(&[YES, NO], &[YES, YES]), Finish::Stop);
        score.add(&verdicts(&[None, YES], &[None, YES]), Finish::Length);
        score.add(&verdicts(&[YES], &[YES]), Finish::Stop);
        score.add(&verdicts(&[], &[]), Finish::Stop);
        let accuracies = score.accuracies();
        assert_eq!(
            accuracies,
            Accuracies {
                prompt_strict: Some(2.0 / 4.0),
                instruction_strict: Some(3.0 / 5.0),
                prompt_loose: Some(3.0 / 4.0),
                instruction_loose: Some(4.0 / 5.0),
            }
        );
        assert_eq!((score.not_checkable, score.cut), (1, 1));
    }
}
