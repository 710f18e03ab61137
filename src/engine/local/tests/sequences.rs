//! Guessing ahead, several turns at once, kept prefixes, left-out turns: none changes what is said.

use std::time::Duration;

use super::*;
use crate::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use crate::engine::testing::generate_list;

const CONTEXT: usize = 2000;

/// The tiny model on the real kernels.
fn tiny() -> CpuDecoder {
    // Heads of sixteen numbers, which the kernels know.
    let file = TinyGguf::new(PLAIN_TEMPLATE)
        .set("qwen2.attention.head_count", Value::Uint(2))
        .set("qwen2.attention.head_count_kv", Value::Uint(1))
        .write();
    let options = CpuOptions {
        threads: 2,
        context: CONTEXT,
        isa: Isa::detect(),
        kv_cache: CacheType::F16,
    };
    CpuDecoder::load(&Gguf::open(file.path()).unwrap(), &options).unwrap()
}

/// One sequence, one token after another: what everything else is held against.
struct OneByOne(CpuDecoder);

impl Decoder for OneByOne {
    fn vocab_size(&self) -> usize {
        self.0.vocab_size()
    }
    fn context(&self) -> usize {
        self.0.context()
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        ids.iter().try_for_each(|id| self.0.forward(&[*id], logits))
    }
}

/// A pass takes a millisecond whatever its size, so that guessing ahead pays.
struct Slow(CpuDecoder);

impl Decoder for Slow {
    fn vocab_size(&self) -> usize {
        self.0.vocab_size()
    }
    fn context(&self) -> usize {
        self.0.context()
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        self.0.forward(ids, logits)
    }
    fn batch(&mut self) -> Option<&mut dyn BatchDecoder> {
        Some(self)
    }
}

impl BatchDecoder for Slow {
    fn fork(&mut self, of: SequenceId, len: usize) -> SequenceId {
        self.0.fork(of, len)
    }
    fn forget(&mut self, sequence: SequenceId) {
        self.0.forget(sequence);
    }
    fn truncate_sequence(&mut self, sequence: SequenceId, len: usize) {
        self.0.truncate_sequence(sequence, len);
    }
    fn forward_batch(&mut self, steps: &[Step<'_>], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        std::thread::sleep(Duration::from_millis(1));
        self.0.forward_batch(steps, logits)
    }
}

fn engine_of(template: &str, decoder: impl Decoder + 'static) -> LocalEngine {
    let file = TinyGguf::new(template).write();
    let gguf = Gguf::open(file.path()).unwrap();
    let tokenizer = Tokenizer::from_gguf(&gguf).unwrap();
    let format = ChatFormat::from_gguf(&gguf, &tokenizer).unwrap();
    let options = LoadOptions::default();
    LocalEngine::assemble(file.path(), &options, tokenizer, format, Box::new(decoder))
}

/// Requests of many kinds.
fn request(seed: usize) -> Request {
    let text = format!(
        "{} number {seed} of many, many, many. ",
        ["say", "count", "tell me"][seed % 3]
    );
    let mut request = asking(&text.repeat(1 + seed % 5));
    request.limits.max_tokens = 10 + 37 * seed % 120;
    if seed % 2 == 1 {
        request.sampling = Sampling {
            temperature: 0.05 + 0.1 * (seed % 4) as f32,
            repeat_penalty: [1.0, 1.02][seed / 2 % 2],
            seed: seed as u64,
            ..Sampling::default()
        };
    }
    if seed % 7 == 3 {
        request.reply_prefix = "<think>\n".into();
        request.limits.think_budget = Some(seed);
    }
    request
}

#[test]
fn guessing_ahead_changes_no_token() {
    let mut plain = engine_of(PLAIN_TEMPLATE, OneByOne(tiny()));
    let mut guessing = engine_of(PLAIN_TEMPLATE, Slow(tiny()));
    let (mut drafted, mut accepted) = (0, 0);
    for seed in 0..16 {
        let request = request(seed);
        let (expected, before) = run(&mut plain, &request);
        let (told, outcome) = run(&mut guessing, &request);
        assert_eq!(told, expected, "{request:?}");
        assert_eq!(outcome.finish, before.finish);
        assert_eq!(outcome.stats.cached_tokens, before.stats.cached_tokens);
        assert_eq!(before.stats.drafted_tokens, 0);
        assert!(outcome.stats.accepted_tokens <= outcome.stats.drafted_tokens);
        drafted += outcome.stats.drafted_tokens;
        accepted += outcome.stats.accepted_tokens;
    }
    assert!(drafted > accepted && accepted > 50, "{accepted} of {drafted}");
}

#[test]
fn many_turns_at_once_say_what_each_says_alone() {
    let requests: Vec<Request> = (0..21).map(request).collect();
    let mut plain = engine_of(PLAIN_TEMPLATE, OneByOne(tiny()));
    let expected: Vec<_> = requests.iter().map(|request| run(&mut plain, request)).collect();
    let mut together = engine_of(PLAIN_TEMPLATE, tiny());
    let mut asked: Vec<_> = requests
        .into_iter()
        .map(|request| (request, Control::default()))
        .collect();
    // One that cannot be answered and one that is stopped at once leave the others alone.
    asked.push((asking(&"x".repeat(CONTEXT)), Control::default()));
    asked.push((request(3), Control::default()));
    asked[22].1.stop();
    for _ in 0..2 {
        let mut told: Vec<_> = asked.iter().map(|_| (String::new(), String::new())).collect();
        let outcomes = generate_list(&mut together, &asked, &mut |at, event| match event {
            Event::Thinking { text, .. } => told[at].0.push_str(&text),
            Event::Answer { text, .. } => told[at].1.push_str(&text),
            _ => {}
        });
        for (at, (expected, before)) in expected.iter().enumerate() {
            assert_eq!(
                told[at],
                (expected.thinking.clone(), expected.answer.clone()),
                "turn {at}"
            );
            let outcome = outcomes[at].as_ref().unwrap();
            assert_eq!(outcome.finish, before.finish);
            assert_eq!(outcome.stats.thinking_tokens, before.stats.thinking_tokens);
            assert_eq!(outcome.stats.answer_tokens, before.stats.answer_tokens);
        }
        assert!(matches!(outcomes[21], Err(EngineError::PromptTooLong { .. })));
        assert!(matches!(&outcomes[22], Ok(outcome) if outcome.finish == Finish::Stopped));
        // The same prompt is read once, whoever reads it.
        let shared = |at: usize| outcomes[at].as_ref().map_or(0, |o| o.stats.cached_tokens);
        assert!(shared(20) > 10, "{}", shared(20));
    }
}

/// Asks its second request when something of the first was told.
#[derive(Default)]
struct Late {
    asked: Vec<Request>,
    told: [String; 2],
    over: Vec<usize>,
}

impl Asking for Late {
    fn next(&mut self, _idle: bool) -> Option<(Request, Control)> {
        let first = self.asked.len() == 2;
        let is_time = first || !self.told[0].is_empty();
        let next = is_time.then(|| self.asked.pop()).flatten()?;
        Some((next, Control::default()))
    }

    fn event(&mut self, place: usize, event: Event) {
        if let Event::Thinking { text, .. } | Event::Answer { text, .. } = event {
            self.told[place].push_str(&text);
        }
    }

    fn over(&mut self, place: usize, outcome: Result<Outcome, EngineError>) {
        assert!(outcome.is_ok());
        self.over.push(place);
    }
}

#[test]
fn a_request_that_comes_later_is_taken_up_while_another_is_answered() {
    let [mut long, mut short] = [request(0), request(2)];
    (long.limits.max_tokens, short.limits.max_tokens) = (80, 5);
    let mut engine = engine_of(PLAIN_TEMPLATE, tiny());
    let alone = [&long, &short].map(|request| run(&mut engine, request).0.answer);
    let mut late = Late {
        asked: vec![short, long],
        ..Late::default()
    };
    engine.generate_many(&mut late);
    assert_eq!(late.told, alone);
    assert_eq!(late.over, [1, 0], "the later one is short, and over first");
}

#[test]
fn the_same_question_many_times_is_read_once() {
    let mut engine = engine_of(PLAIN_TEMPLATE, tiny());
    let asked: Vec<_> = (0..5)
        .map(|seed| {
            let mut request = request(1);
            request.sampling.seed = seed;
            (request, Control::default())
        })
        .collect();
    let outcomes = generate_list(&mut engine, &asked, &mut |_, _| {});
    let stats: Vec<_> = outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap().stats)
        .collect();
    assert_eq!(stats[0].cached_tokens, 0);
    for stats in &stats[1..] {
        assert_eq!(stats.cached_tokens, stats.prompt_tokens - 1);
    }
}

#[test]
fn what_was_cached_changes_nothing() {
    let mut plain = engine_of(PLAIN_TEMPLATE, OneByOne(tiny()));
    let mut engine = engine_of(PLAIN_TEMPLATE, Slow(tiny()));
    let mut request = request(0);
    for turn in 0..6 {
        let (told, outcome) = run(&mut engine, &request);
        // A fresh start each time.
        run(&mut plain, &asking("something else"));
        let (expected, _) = run(&mut plain, &request);
        assert_eq!(told, expected);
        assert_eq!(outcome.stats.cached_tokens > 50, turn > 0);
        if turn == 3 {
            // The reader goes back and asks something else.
            request.messages.truncate(3);
        }
        request.messages.push(Message::new(Role::Assistant, told.answer));
        request
            .messages
            .push(Message::new(Role::User, format!("And {turn}?")));
    }
}

/// A conversation of turns of `tokens` tokens each and a new question.
fn conversation(turns: usize, tokens: usize) -> Request {
    let mut messages = vec![Message::new(Role::System, "Be brief.")];
    for turn in 0..turns {
        messages.push(Message::new(
            Role::User,
            format!("{turn:02}{}", "q".repeat(tokens / 2 - 2)),
        ));
        messages.push(Message::new(
            Role::Assistant,
            format!("{turn:02}{}", "a".repeat(tokens - tokens / 2 - 2)),
        ));
    }
    messages.push(Message::new(Role::User, "The question"));
    Request {
        messages,
        earlier: 2 * turns,
        ..asking("")
    }
}

/// Adds what was answered and the next question.
fn go_on(request: &mut Request, answer: &str, question: &str) {
    request.messages.push(Message::new(Role::Assistant, answer));
    request.messages.push(Message::new(Role::User, question));
    request.earlier += 2;
}

#[test]
fn a_follow_up_reads_only_what_is_new() {
    let decoder = ScriptedDecoder::new(8192, |ids| {
        if ids.len().is_multiple_of(90) {
            EOS
        } else {
            u32::from(b'a')
        }
    });
    let mut engine = engine(PLAIN_TEMPLATE, decoder);
    let mut request = conversation(20, 90);
    for _ in 0..5 {
        let (told, _) = run(&mut engine, &request);
        go_on(&mut request, &told.answer, "And what follows from that?");
        let (told, outcome) = run(&mut engine, &request);
        let stats = outcome.stats;
        assert!(stats.prompt_tokens > 2000);
        let read = stats.prompt_tokens - stats.cached_tokens;
        assert!(
            read * 20 < stats.prompt_tokens,
            "{read} of {}",
            stats.prompt_tokens
        );
        go_on(&mut request, &told.answer, "Go on.");
    }
}

#[test]
fn a_reasoner_reads_its_answer_ahead_without_its_thinking() {
    let mut engine = reasoner(8192, &"hm ".repeat(200), &"so ".repeat(200));
    let mut request = conversation(17, 90);
    let share_read = |engine: &mut LocalEngine, request: &Request| {
        let stats = run(engine, request).1.stats;
        assert!(stats.prompt_tokens > 2000);
        (stats.prompt_tokens - stats.cached_tokens) as f64 / stats.prompt_tokens as f64
    };
    run(&mut engine, &request);
    go_on(&mut request, &"so ".repeat(200), "And then?");
    // The old thinking is not sent again, so nothing behind it can be kept: the answer is read once more.
    let share = share_read(&mut engine, &request);
    assert!((0.2..0.35).contains(&share), "{share}");
    // While nobody waits that is done ahead.
    go_on(&mut request, &"so ".repeat(200), "");
    engine.read_ahead(&request, &Control::default());
    request.messages.last_mut().unwrap().content = "What else?".into();
    let share = share_read(&mut engine, &request);
    assert!(share < 0.05, "{share}");
    // Stopped at once it does nothing.
    go_on(&mut request, &"so ".repeat(200), "");
    let stopped = Control::default();
    stopped.stop();
    engine.read_ahead(&request, &stopped);
    request.messages.last_mut().unwrap().content = "Go on.".into();
    assert!(share_read(&mut engine, &request) > 0.1);
}

#[test]
fn the_oldest_turns_are_left_out_where_not_all_fit() {
    let context = 1000;
    let mut engine = engine(PLAIN_TEMPLATE, ScriptedDecoder::replying(context, 0, vec![]));
    let mut left_out = Vec::new();
    for turns in 0..40 {
        let request = conversation(turns, 60);
        let prompt = {
            let fitted = fit::fit(&engine.format, &engine.tokenizer, &request, context).unwrap();
            assert!(fitted.prompt.ids.len() <= context - context / 4);
            fitted.prompt.text
        };
        let (told, outcome) = run(&mut engine, &request);
        assert_eq!(outcome.stats.left_out_turns, told.left_out);
        assert!(prompt.contains("Be brief.") && prompt.contains("The question"));
        for turn in 0..turns {
            let kept = turn >= told.left_out;
            assert_eq!(prompt.contains(&format!("{turn:02}qq")), kept, "{prompt}");
            assert_eq!(prompt.contains(&format!("{turn:02}aa")), kept, "{prompt}");
        }
        left_out.push(told.left_out);
    }
    // None while all fit, then in steps: in between the prompt begins as it did.
    assert_eq!(left_out[..6], [0; 6]);
    assert!(left_out.is_sorted());
    left_out.dedup();
    assert!(left_out.len() < 14, "{left_out:?}");
}

#[test]
fn what_is_no_earlier_turn_is_never_left_out() {
    let mut engine = engine(PLAIN_TEMPLATE, ScriptedDecoder::replying(300, 0, vec![]));
    let mut request = conversation(2, 200);
    request.earlier = 0;
    let refused = engine.generate(&request, &Control::default(), &mut |_| {});
    assert!(matches!(refused, Err(EngineError::PromptTooLong { .. })));
    // A question that needs the room of the reply gets it, and all earlier turns are gone.
    let mut request = conversation(2, 200);
    request.messages.last_mut().unwrap().content = "z".repeat(240);
    request.limits.max_tokens = 100;
    let (told, outcome) = run(&mut engine, &request);
    assert_eq!((told.left_out, outcome.finish), (2, Finish::Stop));
    request.messages.last_mut().unwrap().content = "z".repeat(300);
    let refused = engine.generate(&request, &Control::default(), &mut |_| {});
    assert!(matches!(refused, Err(EngineError::PromptTooLong { .. })));
}
