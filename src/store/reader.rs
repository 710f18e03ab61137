//! Reading a transcript line by line, whatever is in it.
//!
//! Memory is bounded by the longest line that is accepted ([`MAX_LINE`]) and by the conversation itself.

use std::fmt;
use std::io::{self, BufRead, Read};

use serde::Deserialize;

use crate::chat::{Conversation, Record, sanitize};

/// A longer line is not a record of ours: it is skipped without being held in memory.
pub(super) const MAX_LINE: usize = 64 << 20;

/// More warnings than this are only counted.
const MAX_WARNINGS: usize = 100;

/// A conversation and what could not be read of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    pub conversation: Conversation,
    /// The first hundred, in the order of the file.
    pub warnings: Vec<Warning>,
    /// How many there were in all.
    pub warned: usize,
}

/// A line that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Counted from one.
    pub line: usize,
    pub trouble: Trouble,
}

/// Why a line was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The last line, without its line feed: the process was killed while it wrote.
    CutOff,
    Damaged,
    TooLong,
    /// A kind of record that this version does not know.
    UnknownKind(String),
    /// It names a turn that is not there, because the line of that turn was left out.
    NoSuchTurn,
    /// The line is used, but its version is later than this program's.
    LaterVersion(u32),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.trouble {
            Trouble::CutOff => f.write_str("cut off while it was written; left out"),
            Trouble::Damaged => f.write_str("damaged; left out"),
            Trouble::TooLong => write!(f, "longer than {} MiB; left out", MAX_LINE >> 20),
            Trouble::UnknownKind(kind) => write!(
                f,
                "a record of a kind this version does not know ({}); left out",
                sanitize::one_line(kind)
            ),
            Trouble::NoSuchTurn => f.write_str("belongs to a turn that is not there; left out"),
            Trouble::LaterVersion(version) => write!(
                f,
                "written by a later raif (format {version}); some of it may not be shown"
            ),
        }
    }
}

/// Folds all records of `source`. Only a failing read is an error.
pub(super) fn fold(source: impl BufRead) -> io::Result<Loaded> {
    let mut loaded = Loaded::default();
    let mut lines = Lines::new(source, MAX_LINE);
    while let Some(line) = lines.next()? {
        let number = line.number;
        match decode(&line) {
            Ok(record) => {
                if let Record::Conversation { version, .. } = record
                    && version > Record::VERSION
                {
                    loaded.warn(number, Trouble::LaterVersion(version));
                }
                if !loaded.conversation.apply(&record) {
                    loaded.warn(number, Trouble::NoSuchTurn);
                }
            }
            Err(trouble) => loaded.warn(number, trouble),
        }
    }
    Ok(loaded)
}

impl Loaded {
    /// What a person who resumes the conversation must know; `None` if it is whole.
    pub fn notice(&self) -> Option<String> {
        let interrupted = self
            .conversation
            .turns()
            .last()
            .is_some_and(|t| t.finish.is_none());
        let lines = match self.warned {
            1 => "1 line of the transcript".to_owned(),
            n => format!("{n} lines of the transcript"),
        };
        let interruption = "the last answer was interrupted; what had arrived is here";
        match (interrupted, self.warnings.first()) {
            (false, None) => None,
            (true, None) => Some(interruption.to_owned()),
            // The line that was being written when it was killed is part of the same event.
            (true, Some(w)) if self.warned == 1 && w.trouble == Trouble::CutOff => {
                Some(interruption.to_owned())
            }
            (true, Some(first)) => Some(format!("{interruption}; {lines} could not be read ({first})")),
            (false, Some(first)) => Some(format!("{lines} could not be read ({first})")),
        }
    }

    fn warn(&mut self, line: usize, trouble: Trouble) {
        self.warned += 1;
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(Warning { line, trouble });
        }
    }
}

fn decode(line: &Line<'_>) -> Result<Record, Trouble> {
    if line.too_long {
        return Err(Trouble::TooLong);
    }
    serde_json::from_slice(line.bytes).map_err(|_| {
        #[derive(Deserialize)]
        struct Kind {
            r#type: String,
        }
        match serde_json::from_slice::<Kind>(line.bytes) {
            Ok(Kind { r#type }) if !Record::KINDS.contains(&r#type.as_str()) => {
                Trouble::UnknownKind(r#type.chars().take(40).collect())
            }
            _ if !line.ended => Trouble::CutOff,
            _ => Trouble::Damaged,
        }
    })
}

/// The lines of a source that are not blank, none longer than a limit.
pub(super) struct Lines<R> {
    source: R,
    limit: usize,
    number: usize,
    buffer: Vec<u8>,
    /// A line without a line feed came: it was the last, whatever a writer adds meanwhile.
    over: bool,
}

pub(super) struct Line<'a> {
    /// Counted from one.
    pub number: usize,
    /// Without the line feed; empty if the line is too long.
    pub bytes: &'a [u8],
    pub too_long: bool,
    /// It has a line feed. Says nothing of a line that is too long.
    pub ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(source: R, limit: usize) -> Self {
        Self {
            source,
            limit,
            number: 0,
            buffer: Vec::new(),
            over: false,
        }
    }

    /// The next line that is not blank, `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        while !self.over {
            self.buffer.clear();
            self.number += 1;
            // One more for the line feed.
            let most = self.limit as u64 + 1;
            if (&mut self.source)
                .take(most)
                .read_until(b'\n', &mut self.buffer)?
                == 0
            {
                return Ok(None);
            }
            let ended = self.buffer.pop_if(|b| *b == b'\n').is_some();
            let too_long = self.buffer.len() > self.limit;
            if too_long {
                self.buffer.clear();
                self.source.skip_until(b'\n')?;
            }
            self.over = !ended && !too_long;
            if too_long || !self.buffer.trim_ascii().is_empty() {
                return Ok(Some(Line {
                    number: self.number,
                    bytes: &self.buffer,
                    too_long,
                    ended,
                }));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::testing::{lines, records};

    /// A file that grows between two reads.
    struct Growing(std::collections::VecDeque<&'static [u8]>);

    impl io::Read for Growing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let piece = self.0.pop_front().unwrap_or_default();
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }
    }

    #[test]
    fn what_is_added_to_the_last_line_meanwhile_is_no_line_of_its_own() {
        let pieces: [&[u8]; 3] = [b"one\ntw", b"", b"o\nthree\n"];
        let mut lines = Lines::new(io::BufReader::new(Growing(pieces.into())), 100);
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            read.push((line.bytes.to_vec(), line.ended));
        }
        assert_eq!(read, [(b"one".to_vec(), true), (b"tw".to_vec(), false)]);
    }

    fn folded(records: &[Record]) -> Conversation {
        let mut conversation = Conversation::default();
        for record in records {
            conversation.apply(record);
        }
        conversation
    }

    #[test]
    fn the_kinds_are_those_of_records() {
        for kind in Record::KINDS {
            let error = serde_json::from_str::<Record>(&format!(r#"{{"type":"{kind}","turn":[]}}"#));
            assert!(
                !error.unwrap_err().to_string().contains("unknown variant"),
                "{kind}"
            );
        }
        let error = serde_json::from_str::<Record>(r#"{"type":"no such kind"}"#).unwrap_err();
        let named = Record::KINDS
            .iter()
            .filter(|k| error.to_string().contains(&format!("`{k}`")));
        assert_eq!(named.count(), Record::KINDS.len());
        assert_eq!(
            error.to_string().matches('`').count(),
            2 * (Record::KINDS.len() + 1)
        );
    }

    #[test]
    fn each_trouble_is_named_with_its_line() {
        let file = concat!(
            r#"{"type":"conversation","version":9,"id":"x","created_ms":1,"later":true}"#,
            "\n\n",
            "\u{1}\u{2} rubbish\n",
            r#"{"type":"applause","turn":0}"#,
            "\n",
            r#"{"type":"answer","turn":4,"text":"lost"}"#,
            "\n",
            r#"{"type":"title","title":"kept"}"#,
            "\n",
            r#"{"type":"title","ti"#,
        );
        let loaded = fold(file.as_bytes()).unwrap();
        assert_eq!(loaded.conversation.title.as_deref(), Some("kept"));
        let troubles: Vec<_> = loaded.warnings.into_iter().map(|w| (w.line, w.trouble)).collect();
        assert_eq!(
            troubles,
            [
                (1, Trouble::LaterVersion(9)),
                (3, Trouble::Damaged),
                (4, Trouble::UnknownKind("applause".into())),
                (5, Trouble::NoSuchTurn),
                (7, Trouble::CutOff),
            ]
        );
    }

    #[test]
    fn a_notice_tells_an_interruption_from_damage() {
        let turn = concat!(
            r#"{"type":"turn","turn":0,"parent":null,"prompt":"p","model":"m","method":"io","started_ms":1,"constraints":[]}"#,
            "\n"
        );
        let end = concat!(
            r#"{"type":"end","turn":0,"finish":"stop","stats":{},"checked":[]}"#,
            "\n"
        );
        let notice = |text: &str| fold(text.as_bytes()).unwrap().notice();
        assert_eq!(notice(&[turn, end].concat()), None);
        let interrupted = notice(turn).unwrap();
        assert!(interrupted.starts_with("the last answer was interrupted"));
        assert_eq!(notice(&[turn, "{\"type\":\"ans"].concat()), Some(interrupted));
        let damaged = notice(&["?\n?\n", turn, end].concat()).unwrap();
        assert_eq!(
            damaged,
            "2 lines of the transcript could not be read (line 1: damaged; left out)"
        );
    }

    #[test]
    fn a_long_line_is_skipped_without_being_held() {
        let mut file = b"short\n".to_vec();
        file.extend(vec![b'x'; 100_000]);
        file.extend(b"\nlast");
        let mut lines = Lines::new(io::BufReader::with_capacity(64, file.as_slice()), 1000);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push((line.number, line.bytes.len(), line.too_long, line.ended));
        }
        assert_eq!(
            seen,
            [(1, 5, false, true), (2, 0, true, false), (3, 4, false, false)]
        );
        assert!(lines.buffer.capacity() <= 2000);
    }

    #[test]
    fn a_rate_without_time_does_not_lose_the_verdicts() {
        let line = r#"{"type":"end","turn":0,"finish":"stop","stats":{"tokens_per_s":null},"checked":[]}"#;
        assert!(serde_json::from_str::<Record>(line).is_ok());
    }

    #[test]
    fn a_flood_of_damage_is_counted_not_kept() {
        let loaded = fold("?\n".repeat(10_000).as_bytes()).unwrap();
        assert_eq!((loaded.warnings.len(), loaded.warned), (MAX_WARNINGS, 10_000));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(records in records()) {
            let loaded = fold(lines(&records).as_slice()).unwrap();
            prop_assert_eq!(loaded.conversation, folded(&records));
        }

        #[test]
        fn the_fewest_records_fold_to_the_same(records in records()) {
            let conversation = folded(&records);
            prop_assert_eq!(folded(&conversation.records()), conversation);
        }

        #[test]
        fn everything_before_a_tear_is_kept(records in records(), at in any::<prop::sample::Index>()) {
            let file = lines(&records);
            let cut = at.index(file.len() + 1);
            let whole = file[..cut].iter().filter(|&&b| b == b'\n').count();
            let loaded = fold(&file[..cut]).unwrap();
            let torn = cut > 0 && file[cut - 1] != b'\n';
            // Only the line feed may be missing: then the last record is whole too.
            let complete = torn && file.get(cut) == Some(&b'\n');
            prop_assert_eq!(loaded.conversation, folded(&records[..whole + usize::from(complete)]));
            prop_assert_eq!(loaded.warnings.iter().filter(|w| w.trouble == Trouble::CutOff).count(), usize::from(torn && !complete));
        }

        #[test]
        fn damage_never_fails_and_never_reaches_back(
            records in records(),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        ) {
            let mut file = lines(&records);
            let mut first = file.len();
            for (at, byte) in damage {
                let at = at.index(file.len());
                first = first.min(at);
                file[at] = byte;
            }
            let whole = file[..first].iter().filter(|&&b| b == b'\n').count();
            let before = folded(&records[..whole]);
            let loaded = fold(file.as_slice()).unwrap();
            for (kept, turn) in loaded.conversation.turns().iter().zip(before.turns()) {
                prop_assert_eq!(&kept.prompt, &turn.prompt);
                prop_assert!(kept.answer.starts_with(&turn.answer));
                prop_assert!(kept.thinking.starts_with(&turn.thinking));
            }
            prop_assert!(loaded.conversation.turns().len() >= before.turns().len());
        }
    }
}
