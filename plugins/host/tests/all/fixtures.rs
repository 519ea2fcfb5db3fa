//! Guests written as text: a core module with a body, wrapped by the contract's own types.

use plugin_host::{Manifest, pack};
use std::path::Path;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The names of the two exports that are written here, and how many flat parameters each has.
const HOOK: (&str, &str, usize) = ("event-hook", "plumbline:plugin/events@1.0.0#handle", 15);
const GENERATOR: (&str, &str, usize) = ("document-generator", "plumbline:plugin/documents@1.0.0#generate", 9);

/// A guest to be. Its memory: 0..1024 for answers, 1024.. for texts, 65536.. for what the host hands in.
pub struct Guest {
    export: (&'static str, &'static str, usize),
    pub imports: String,
    pub body: String,
    pub extra: String,
    pub pages: usize,
    pub wants: &'static str,
}

/// What a plugin may ask for, all of it.
pub const ALL: &str = r#"{"projects": {"why": "To read."}, "kv": {"why": "To remember."},
    "http": [{"host": "api.example.com", "why": "To send."}, {"host": "inside.example.com", "why": "To send."}],
    "secrets": [{"name": "token", "title": "Token", "hosts": ["api.example.com"], "why": "To sign in."}]}"#;

impl Guest {
    /// An event hook with this body; it ends with the address of the answer.
    pub fn hook(body: &str) -> Self {
        Self { export: HOOK, imports: String::new(), body: body.to_owned(), extra: String::new(), pages: 4, wants: ALL }
    }

    /// A document generator; its parameter 8 is the project's handle.
    pub fn generator(body: &str) -> Self {
        Self { export: GENERATOR, ..Self::hook(body) }
    }

    /// `name` of an interface, as a function `$as` of these types.
    pub fn import(mut self, interface: &str, name: &str, signature: &str) -> Self {
        self.imports += &format!("(import \"plumbline:plugin/{interface}@1.0.0\" \"{name}\" (func {signature}))\n");
        self
    }

    /// More of the module: data, functions, a start.
    pub fn with(mut self, extra: &str) -> Self {
        self.extra += extra;
        self
    }

    pub fn pages(mut self, pages: usize) -> Self {
        self.pages = pages;
        self
    }

    fn module(&self) -> Vec<u8> {
        let (world, export, parameters) = self.export;
        let text = format!(
            r#"(module {imports}
                (memory (export "memory") {pages})
                (global $free (mut i32) (i32.const 65536))
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                    (local $at i32)
                    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
                    (global.set $free (i32.add (local.get $at) (local.get 3)))
                    (local.get $at))
                {extra}
                (func (export "{export}") (param {parameters}) (result i32) {body}))"#,
            imports = self.imports,
            pages = self.pages,
            extra = self.extra,
            parameters = "i32 ".repeat(parameters),
            body = self.body,
        );
        let mut module = wat::parse_str(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let mut resolve = Resolve::default();
        // The product's tests use this file, too, and lie elsewhere.
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("plugins/wit")).find(|wit| wit.is_dir());
        let (package, _) = resolve.push_path(wit.expect("the contract")).expect("a contract that can be read");
        let world = resolve.select_world(&[package], Some(world)).expect("a world of the contract");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("a module with its types");
        module
    }

    /// The component, without a manifest.
    pub fn bare(&self) -> Vec<u8> {
        ComponentEncoder::default().module(&self.module()).expect("a module").validate(true).encode().expect("a component")
    }

    pub fn manifest(&self) -> Manifest {
        let list = match self.export.0 {
            "event-hook" => r#""events": ["milestone.completed"]"#,
            _ => r#""documents": [{"kind": "warranty", "title": "Warranty"}]"#,
        };
        let json = format!(
            r#"{{"name": "fixture", "title": "Fixture", "version": "1.0.0", "description": "Misbehaves.", "world": "{}", {list}, "wants": {}}}"#,
            self.export.0, self.wants
        );
        Manifest::from_json(json.as_bytes()).unwrap_or_else(|e| panic!("{e:?}"))
    }

    /// What would be uploaded.
    pub fn packed(&self) -> Vec<u8> {
        pack::pack(&self.bare(), &self.manifest()).expect("a packed component")
    }
}

/// A body that answers: no notes.
pub const NOTHING: &str = "(i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 8) (i32.const 0)) (i32.const 0)";

/// A text at 1024.
pub fn text(text: &str) -> String {
    format!("(data (i32.const 1024) {:?})", text)
}

/// A body that ends by declining with the text at 1024 of this length.
pub fn decline(length: usize) -> String {
    format!(
        "(i32.store8 (i32.const 0) (i32.const 1)) (i32.store (i32.const 4) (i32.const 1024))
         (i32.store (i32.const 8) (i32.const {length})) (i32.const 0)"
    )
}

/// Declines with the failure's message that an import left at 256 (`result<_, failure>`: tag, then code, then message), at 8 bytes on.
pub const TELL_FAILURE: &str = "(if (i32.eqz (i32.load8_u (i32.const 256))) (then unreachable))
     (i32.store8 (i32.const 0) (i32.const 1)) (i32.store (i32.const 4) (i32.load (i32.const 264)))
     (i32.store (i32.const 8) (i32.load (i32.const 268))) (i32.const 0)";
