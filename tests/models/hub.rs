//! Pulls from a hub on this machine: a few lines of HTTP that behave as the real one does, or badly.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::FileExt;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::machine::{Machine, Ran, files_below, pip, run, sha256};

/// How the hub behaves.
#[derive(Clone, Default)]
pub struct Manners {
    /// What there is instead of `tiny.gguf`.
    pub files: HashMap<String, Vec<u8>>,
    /// A file, and connections to break in the middle of it.
    pub cuts_of: Option<(String, usize)>,
    /// The bytes of `tiny.gguf`.
    pub file: Vec<u8>,
    /// What it calls the file (its SHA-256, where nothing else is wanted).
    pub etag: String,
    /// Connections to break in the middle of the file.
    pub cuts: usize,
    /// Status for every request, if not success.
    pub refuses: Option<u16>,
    /// Accepts connections and says nothing.
    pub silent: bool,
}

pub struct Hub {
    url: String,
    /// `PATH RANGE` of each request.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Hub {
    pub fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        std::thread::spawn(move || {
            let mut manners = manners;
            let mut silenced = Vec::new();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                if manners.silent {
                    silenced.push(stream);
                } else {
                    answer(stream, &mut manners, &log);
                }
            }
        });
        Self { url, requests }
    }

    pub fn url_of(&self, file: &str) -> String {
        format!("{}/{file}", self.url)
    }

    pub fn pull(&self, machine: &Machine, name: &str) -> Ran {
        run(self.pulling(machine, name))
    }

    fn pulling(&self, machine: &Machine, name: &str) -> Command {
        let mut command = machine.raif(["pull", name]);
        command.env_remove("HF_HUB_OFFLINE").env("HF_ENDPOINT", &self.url);
        command
    }

    /// How often the file itself was asked for, and from which byte.
    fn downloads(&self) -> Vec<String> {
        self.asked_for("tiny.gguf")
    }

    /// From which byte files of this name, or this end of it, were asked for.
    pub fn asked_for(&self, file: &str) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let asked = requests.iter().filter_map(|request| request.split_once(' '));
        asked
            .filter(|(path, range)| path.ends_with(file) && *range != "bytes=0-0")
            .map(|(_, range)| range.to_owned())
            .collect()
    }
}

fn answer(mut stream: TcpStream, manners: &mut Manners, log: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let range = headers
        .iter()
        .find_map(|h| h.to_lowercase().strip_prefix("range: ").map(str::to_owned));
    let range = range.unwrap_or_else(|| "bytes=0-".into());
    log.lock().unwrap().push(format!("{path} {range}"));
    let mut send = |head: String, body: &[u8]| {
        let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n");
        let _ = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(body));
    };
    if let Some(status) = manners.refuses {
        return send(format!("{status} No\r\nContent-Length: 0"), b"");
    }
    if path.starts_with("/api/models/me/") {
        let siblings: Vec<String> = match manners.files.is_empty() {
            true => ["README.md", "tiny.gguf"].map(str::to_owned).into(),
            false => manners.files.keys().cloned().collect(),
        };
        let siblings: Vec<String> = siblings
            .iter()
            .map(|file| format!("{{\"rfilename\":\"{file}\"}}"))
            .collect();
        let files = format!("{{\"sha\":\"c0ffee\",\"siblings\":[{}]}}", siblings.join(","));
        return send(
            format!("200 OK\r\nContent-Length: {}", files.len()),
            files.as_bytes(),
        );
    }
    let (start, end) = range
        .strip_prefix("bytes=")
        .and_then(|r| r.split_once('-'))
        .unwrap();
    let name = path.rsplit('/').next().unwrap_or_default();
    let (file, etag) = match manners.files.get(name) {
        Some(file) => (file, sha256(file)),
        None if manners.files.is_empty() => (&manners.file, manners.etag.clone()),
        None => return send("404 No\r\nContent-Length: 0".into(), b""),
    };
    let last = file.len() - 1;
    let start: usize = start.parse().unwrap();
    let end = end.parse().unwrap_or(last).min(last);
    let mut body = &file[start..=end];
    let head = format!(
        "206 Partial Content\r\nETag: \"{}\"\r\nX-Repo-Commit: c0ffee\r\nContent-Range: bytes {start}-{end}/{}\r\n\
         Content-Length: {}",
        etag,
        file.len(),
        body.len()
    );
    let cuts = match &mut manners.cuts_of {
        Some((there, cuts)) if there == name => cuts,
        _ => &mut manners.cuts,
    };
    if body.len() > 1 && *cuts > 0 {
        *cuts -= 1;
        body = &body[..body.len() / 2];
    }
    send(head, body);
}

/// A hub that has the machine's model, and nothing to complain of.
fn good(machine: &Machine) -> Manners {
    Manners {
        file: machine.gguf.clone(),
        etag: sha256(&machine.gguf),
        ..Manners::default()
    }
}

fn cached(machine: &Machine) -> Vec<String> {
    let mut files = files_below(&machine.hub_home());
    files.retain(|file| !file.ends_with(".lock") && !file.contains("refs/"));
    files
}

#[test]
fn the_hubs_file_is_used_where_it_lies() {
    let machine = Machine::new();
    let hub = Hub::start(good(&machine));
    let ran = hub.pull(&machine, "tiny");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(hub.downloads(), ["bytes=0-"]);
    let blob = format!("hub/models--me--tiny/blobs/{}", sha256(&machine.gguf));
    let link = "hub/models--me--tiny/snapshots/c0ffee/tiny.gguf";
    assert_eq!(cached(&machine), [blob.as_str(), link]);
    assert_eq!(machine.files(), ["models/.pull/tiny.lock"], "no second copy");
    let path = run(machine.raif(["path", "tiny"])).out;
    assert_eq!(std::fs::read(path.trim_end()).unwrap(), machine.gguf);
    assert!(run(machine.raif(["list"])).out.contains("hub cache"));
    assert_eq!(hub.pull(&machine, "tiny").code, Some(0));
    assert_eq!(hub.downloads().len(), 1, "what is here is not asked for");
}

#[test]
fn a_repository_by_name_gives_its_gguf() {
    let machine = Machine::new();
    let hub = Hub::start(good(&machine));
    let ran = hub.pull(&machine, "me/tiny");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(run(machine.raif(["path", "me/tiny"])).code, Some(0));
    assert_eq!(
        run(machine.raif(["path", "tiny"])).code,
        Some(0),
        "the catalog knows it too"
    );
}

#[test]
fn a_broken_download_goes_on_where_it_was() {
    let machine = Machine::new();
    let hub = Hub::start(Manners {
        cuts: 2,
        ..good(&machine)
    });
    let ran = hub.pull(&machine, "tiny");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let (n, downloads) = (machine.gguf.len(), hub.downloads());
    assert_eq!(
        downloads,
        [
            "bytes=0-".into(),
            format!("bytes={}-", n / 2),
            format!("bytes={}-", n / 2 + n.div_ceil(2) / 2)
        ]
    );
}

#[test]
fn a_download_that_keeps_breaking_is_said_and_kept_for_the_next() {
    let machine = Machine::new();
    let hub = Hub::start(Manners {
        cuts: 5,
        ..good(&machine)
    });
    let ran = hub.pull(&machine, "me/tiny");
    assert_eq!(ran.code, Some(1));
    assert!(ran.last_line().contains("the connection broke at"), "{}", ran.err);
    assert_eq!(
        run(machine.raif(["path", "me/tiny"])).code,
        Some(1),
        "half a file is no model"
    );
    let ran = hub.pull(&machine, "me/tiny");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        !hub.downloads().iter().skip(1).any(|range| range == "bytes=0-"),
        "{:?}",
        hub.downloads()
    );
}

#[test]
fn other_bytes_than_promised_are_removed() {
    let machine = Machine::new();
    let mut file = machine.gguf.clone();
    *file.last_mut().unwrap() ^= 1;
    let hub = Hub::start(Manners {
        file,
        ..good(&machine)
    });
    let ran = hub.pull(&machine, "me/tiny");
    assert_eq!(ran.code, Some(1));
    assert!(ran.last_line().contains("SHA-256"), "{}", ran.err);
    assert_eq!(cached(&machine), Vec::<String>::new());
}

#[test]
fn killed_while_it_verifies_nothing_counts_as_a_model_and_the_next_pull_only_verifies() {
    let machine = Machine::new();
    let mut file = machine.gguf.clone();
    // Large enough that its checksum takes a while.
    file.resize(192 << 20, 0);
    let right = sha256(&file);
    let hub = Hub::start(Manners {
        file,
        etag: right.clone(),
        ..Manners::default()
    });
    let blob = machine.hub_home().join("hub/models--me--large/blobs").join(right);
    let link = machine
        .hub_home()
        .join("hub/models--me--large/snapshots/c0ffee/tiny.gguf");
    let mut pull = hub.pulling(&machine, "me/large").spawn().unwrap();
    while !link.exists() {
        assert_eq!(
            pull.try_wait().unwrap(),
            None,
            "it ended before the file was there"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
    pull.kill().unwrap();
    pull.wait().unwrap();
    assert!(link.exists(), "it was killed in time");
    assert_eq!(run(machine.raif(["path", "me/large"])).code, Some(1));
    assert!(!run(machine.raif(["list"])).out.contains("hub cache"));

    let ran = hub.pull(&machine, "me/large");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(hub.downloads(), ["bytes=0-"], "what is here is not fetched again");
    assert_eq!(run(machine.raif(["path", "me/large"])).code, Some(0));

    // Had the bytes been other ones, the second pull would have removed them.
    let mark = link.with_extension("gguf.unverified");
    std::fs::write(&mark, "").unwrap();
    let damaged = OpenOptions::new().write(true).open(&blob).unwrap();
    damaged.write_all_at(b"damaged", 1 << 20).unwrap();
    let ran = hub.pull(&machine, "me/large");
    assert!(ran.last_line().contains("SHA-256"), "{}", ran.err);
    assert_eq!(cached(&machine), Vec::<String>::new());
}

#[test]
fn a_hub_that_cannot_give_it_is_left_for_the_package_mirror() {
    let refusing = |status| Manners {
        refuses: Some(status),
        ..Manners::default()
    };
    let machine = Machine::new();
    let mut other = good(&machine);
    other.etag = "0".repeat(64);
    let mut evil = good(&machine);
    evil.etag = "../../../../evil".into();
    let silent = Manners {
        silent: true,
        ..Manners::default()
    };
    let cases = [
        (refusing(404), "hub: it has no such file in me/tiny"),
        (refusing(401), "hub: it does not let us have me/tiny"),
        (refusing(500), "hub: "),
        (other, "hub: its file is not the one that the catalog describes"),
        (evil, "hub: its answer makes no sense"),
        (silent, "hub: no answer after 5 s"),
    ];
    for (manners, sign) in cases {
        let machine = Machine::new().with_pip(pip::GOOD);
        let ran = Hub::start(manners).pull(&machine, "tiny");
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.contains(sign), "{}", ran.err);
        assert_eq!(machine.pulled(), machine.gguf);
        assert_eq!(cached(&machine), Vec::<String>::new());
    }
}
