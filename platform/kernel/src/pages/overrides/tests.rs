//! The sandbox: what a text may do, and every way out of it that we could think of.

use minijinja::{Value, context};

use super::*;
use crate::assets::Assets;

const CARD: &str = "{% macro card(title, words=\"\") %}<div class=\"pl-card\"><h3>{{ title }}</h3>{{ words }}</div>{% endmacro %}";
const DEEP: &str = "{% from \"components/_secret.html\" import inner %}{% macro outer() %}{{ inner() }}{% endmacro %}";
const SECRET: &str = "{% macro inner() %}<form method=\"post\" action=\"/go\"><button>Go</button></form>{% endmacro %}";
const PARA: &str = "{% macro para(words) %}<p style=\"margin:0\">{{ words }}</p>{% endmacro %}";

static PAGE: Slot = Slot {
    template: "home/home.html",
    kind: Kind::Page,
    partials: &["components/_card.html", "components/_deep.html"],
    required: &[
        Required { what: What::Region("part-answer"), when: "page.open", words: "the answer" },
        Required { what: What::Address("papers.*.url"), when: "", words: "each paper" },
    ],
};
static MAIL: Slot = Slot {
    template: "sign_in",
    kind: Kind::Mail,
    partials: &["mail/_parts.html"],
    required: &[
        Required { what: What::Address("link"), when: "", words: "the link" },
        Required { what: What::Code("code"), when: "", words: "the code" },
    ],
};

fn sandbox() -> Sandbox {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = [
        file("components/_card.html", CARD),
        file("components/_deep.html", DEEP),
        file("components/_secret.html", SECRET),
        file("mail/_parts.html", PARA),
    ];
    Sandbox::new(&files, &[("x".to_owned(), "<path d=\"M0 0\" />".to_owned())], &Assets::default()).expect("a sandbox")
}

fn open(slot: &'static Slot, text: &OverrideText) -> Result<Override, Vec<Flaw>> {
    let mut env = sandbox().open(slot);
    let mut flaws = Vec::new();
    for (part, text) in text.parts(slot.kind) {
        flaws.extend(written(slot.kind, part, text).and_then(|()| sandbox::parse(&mut env, part, text)).err());
    }
    if flaws.is_empty() { Ok(Override { slot, env: Arc::new(env) }) } else { Err(flaws) }
}

fn page() -> Value {
    let papers = vec![context! { url => "/documents/1" }];
    context! { name => "<script>alert(1)</script> & \"co\"", bad => "javascript:alert(1)", attribute => "x onclick=alert(1)", open => false, papers }
}

/// What a page's text comes to, with what must be there added.
fn done(html: &str) -> Result<String, Flaw> {
    let text = OverrideText { html: format!("{html}\n<a href=\"/documents/1\">Paper</a>"), ..OverrideText::default() };
    let ready = open(&PAGE, &text).map_err(|flaws| flaws[0].clone())?;
    let filled = ready.fill(&page(), &context! { brand => context! { name => "Acme" } })?;
    Ok(filled.main)
}

fn flaw(html: &str) -> Flaw {
    match done(html) {
        Err(flaw) => flaw,
        Ok(main) => panic!("{html} was let through: {main}"),
    }
}

#[test]
fn words_order_and_components_can_change() {
    let html = "{% from \"components/_card.html\" import card %}<section class=\"pl-stack\"><h1>{{ frame.brand.name }}</h1>{{ card(\"A\", page.name) }}</section>";
    let main = done(html).expect("it holds");
    assert!(main.starts_with("<section class=\"pl-stack\"><h1>Acme</h1><div class=\"pl-card\"><h3>A</h3>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;"), "{main}");
    done("{% set x %}<strong>{{ page.name }}</strong>{% endset %}<p title=\"{{ page.name }}\">{{ x }} {{ icon(\"x\") }}</p>")
        .expect("it holds");
    // A component may use what is not on the list.
    done("{% from \"components/_deep.html\" import outer %}{{ outer() }}").expect("it holds");
}

#[test]
fn markup_that_runs_or_leads_out_is_refused_with_its_line() {
    let refused = [
        ("<p>a</p>\n<script>alert(1)</script>", "“<script>”"),
        ("<p>a</p>\n<p onclick=\"x()\">b</p>", "“onclick”"),
        ("<p>a</p>\n<SCRIPT src=\"/x\">", "“<script>”"),
        ("<p>a</p>\n<p style=\"color:red\">b</p>", "“style”"),
        ("<p>a</p>\n<style>p{}</style>", "“<style>”"),
        ("<p>a</p>\n<iframe src=\"/x\"></iframe>", "“<iframe>”"),
        ("<p>a</p>\n<form action=\"/x\"></form>", "“<form>”"),
        ("<p>a</p>\n<img src=\"https://else.example/x.png\">", "this portal only"),
        ("<p>a</p>\n<img src=\"//else.example/x.png\">", "this portal only"),
        ("<p>a</p>\n<img src=\"/a.png\" srcset=\"/b.png 1x, https://else.example/c.png 2x\">", "this portal only"),
        ("<p>a</p>\n<a href=\"JavaScript:alert(1)\">b</a>", "“javascript:”"),
        ("<p>a</p>\n<a href=\"java\tscript:alert(1)\">b</a>", "no address has"),
        ("<p>a</p>\n<a href=\"//else.example\">b</a>", "https:"),
        ("<p>a</p>\n<div class=\"pl-tabbar\">b</div>", "“pl-tabbar”"),
        ("<p>a</p>\n<div class=\"{{ 'pl-tabbar' }}\">b</div>", "cannot be printed"),
        ("<p>a</p>\n<div id=\"main\">b</div>", "“main”"),
        ("<p>a</p>\n<p {{ page.attribute }}>b</p>", "cannot stand on “<p>”"),
        ("<p>a</p>\n<{{ 'script' }}>", "cannot stand here"),
        ("<p>a</p>\n<svg><path d=\"M0 0\"/></svg>", "“<svg>”"),
        ("<p>a</p>\n<div hx-get=\"/x\">b</div>", "“hx-get”"),
        ("<p>a</p>\n<!-- hidden -->", "{# … #}"),
        ("<p>a</p>\n{% autoescape false %}{{ page.name }}{% endautoescape %}", "autoescape"),
        ("<p>a</p>\n{% extends \"base.html\" %}", "extends"),
        ("<p>a</p>\n{% raw %}<b>{% endraw %}", "raw"),
    ];
    for (html, words) in refused {
        let flaw = flaw(html);
        assert!(flaw.words.contains(words), "{html}: {}", flaw.words);
        assert_eq!(flaw.line, Some(2), "{html}");
    }
}

#[test]
fn what_only_shows_when_it_is_printed_is_refused_too() {
    let refused = [
        ("<a href=\"{{ page.bad }}\">b</a>", "“javascript:”"),
        ("<p title={{ page.attribute }}>b</p>", "“onclick”"),
        ("<div>{% if page.open %}</div>{% endif %}", "never closed"),
        ("</div>", "not open"),
        ("<b><i>a</b></i>", "is expected"),
        ("<p title='a>b</p>", "markup"),
    ];
    for (html, words) in refused {
        let flaw = flaw(html);
        assert!(flaw.words.contains(words), "{html}: {}", flaw.words);
    }
}

#[test]
fn the_language_is_the_small_one() {
    let refused = [
        ("{{ page.nam }}", "“page.nam”", Some(1)),
        ("\n{{ nothing }}", "“nothing”", Some(2)),
        ("{{ page.name|safe }}", "filter", Some(1)),
        ("{{ page.name|replace(\"a\", \"b\") }}", "filter", Some(1)),
        ("{{ debug() }}", "function", Some(1)),
        ("{{ range(3) }}", "function", Some(1)),
        ("{% from \"components/_secret.html\" import inner %}", "no such file", Some(1)),
        ("\n{% include \"base.html\" %}", "no such file", Some(2)),
        ("{% include page.name %}", "no such file", Some(1)),
        ("\n{% set x = [1] %}{% set x = [x, x] %}", "Lists are written", Some(2)),
        ("\n{{ 1 + 1 }}", "|plus", Some(2)),
        ("{{ [1] * 2 }}", "“*”", Some(1)),
        ("{{ namespace(a=1) }}", "function", Some(1)),
        ("{% if %}", "cannot be read", Some(1)),
        ("{% if page.open %}", "cannot be read", None),
        ("{% from \"components/_card.html\" import card %}\n{{ card() }}", "components/_card.html", Some(2)),
    ];
    for (html, words, line) in refused {
        let flaw = flaw(html);
        assert!(flaw.words.contains(words), "{html}: {}", flaw.words);
        assert!(line.is_none() || flaw.line == line, "{html}: {flaw:?}");
    }
    assert_eq!(flaw("{% from \"components/_card.html\" import card %}\n{{ card() }}\n{{ card() }}").line, None, "either of two calls");
    for name in
        ["safe", "escape", "e", "replace", "format", "indent", "pprint", "tojson", "urlencode", "attr", "batch", "slice", "zip", "chain"]
    {
        assert!(flaw(&format!("{{{{ page.name|{name} }}}}")).words.contains("filter"), "{name}");
    }
}

#[test]
fn what_runs_away_is_stopped() {
    let digits = "0123456789";
    let list = format!("[{}]", vec!["1"; 60].join(","));
    let bombs = [
        format!(
            "{{% set l = {list} %}}{{% for a in l %}}{{% for b in l %}}{{% for c in l %}}{{% for d in l %}}{{% endfor %}}{{% endfor %}}{{% endfor %}}{{% endfor %}}"
        ),
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}".to_owned(),
        format!("{{% set x = \"{digits}\"|list|join(\"{digits}\") %}}{}{{{{ x }}}}", "{% set x = x|list|join(x) %}".repeat(20)),
        format!("{{% set x = \"{digits}\" %}}{}{{{{ x }}}}", "{% set x = x ~ x %}".repeat(40)),
        format!("{{% set x %}}{digits}{{% endset %}}{}{{{{ x }}}}", "{% set x %}{{ x }}{{ x }}{% endset %}".repeat(40)),
        format!("{{% set l = {list} %}}{{% for a in l %}}{{% for b in l %}}{}{{% endfor %}}{{% endfor %}}", "words ".repeat(40)),
    ];
    for bomb in bombs {
        let words = flaw(&bomb).words;
        assert!(
            words.contains("too many steps") || words.contains("over and over") || words.contains("more than 512 KB"),
            "{bomb}: {words}"
        );
    }
    assert!(flaw(&"a".repeat(MAX_TEXT + 1)).words.contains("At most 64 KB"));
}

#[test]
fn what_must_be_there_is_asked_for() {
    let text = |html: &str| OverrideText { html: html.to_owned(), ..OverrideText::default() };
    let fill = |html: &str, open: bool| {
        let ready = super::tests::open(&PAGE, &text(html)).expect("it parses");
        ready
            .fill(&context! { open, papers => vec![context! { url => "/a" }, context! { url => "/b" }] }, &Value::UNDEFINED)
            .map(|f| f.main)
    };
    let links = "<a href=\"/a\">a</a><a href=\"/b\">b</a>";
    fill(links, false).expect("it holds");
    assert!(fill(links, true).expect_err("no answer").words.contains("the answer"));
    assert!(fill("<a href=\"/a\">a</a>", false).expect_err("one is missing").words.contains("each paper"));
    fill(&format!("<div id=\"part-answer\" data-live=\"project\">{links}</div>"), true).expect("it holds");
    assert!(fill(&format!("<div id=\"part-answer\">{links}</div>"), true).is_err(), "without data-live nothing is kept up to date");
}

#[test]
fn a_mail_has_its_link_and_code_in_both_forms() {
    let mail = |html: &str, text: &str| {
        let text = OverrideText {
            html: html.to_owned(),
            text: text.to_owned(),
            subject: "A\n b {{ page.code }}".to_owned(),
            heading: "Hello {{ page.name }}".to_owned(),
        };
        let ready = open(&MAIL, &text).map_err(|flaws| flaws[0].clone())?;
        ready.fill(&context! { link => "https://a.example/x?b=1&c", code => "407182", name => "Bo & Co" }, &Value::UNDEFINED)
    };
    let html = "{% from \"mail/_parts.html\" import para %}{{ para(\"Hi\") }}<a href=\"{{ page.link }}\">In</a> {{ page.code[:3] }} {{ page.code[3:] }}";
    let done = mail(html, "{{ page.link }}\n{{ page.code }} <b>").expect("it holds");
    assert_eq!((done.subject.as_str(), done.heading.as_str()), ("A b 407182", "Hello Bo & Co"));
    assert_eq!(done.text, "https://a.example/x?b=1&c\n407182 <b>");
    assert!(done.main.contains("href=\"https://a.example/x?b=1&amp;c\""), "{}", done.main);
    assert_eq!(mail("<a href=\"{{ page.link }}\">In</a>", "{{ page.link }} {{ page.code }}").expect_err("no code").part, "html");
    assert_eq!(mail(html, "{{ page.link }}").expect_err("no code").part, "text");
    assert_eq!(mail(html, "{{ page.code }}").expect_err("no link").part, "text");
    let flaw = mail("\n<p>Hi</p>", "x").expect_err("paragraphs are components");
    assert!(flaw.words.contains("para(frame") && flaw.line == Some(2), "{flaw:?}");
    assert!(mail("<img src=\"/x\">", "x").expect_err("no pictures").words.contains("“<img>”"));
}
