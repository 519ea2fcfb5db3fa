//! The components that may be used, each with the line that puts it in place.

/// A component.
pub struct Component {
    /// Its file.
    pub file: &'static str,
    /// Its name in the file.
    pub name: &'static str,
    /// The line that puts it in place.
    pub snippet: &'static str,
    /// What it shows.
    pub words: &'static str,
}

const fn c(file: &'static str, name: &'static str, snippet: &'static str, words: &'static str) -> Component {
    Component { file, name, snippet, words }
}

/// All of them, by file.
pub const COMPONENTS: &[Component] = &[
    c("home/_parts.html", "answer", "{{ answer(project, frame) }}", "The sentence on top, with the ring."),
    c(
        "home/_parts.html",
        "band",
        "{{ band(\"\", \"A sentence\", \"What follows from it.\") }}",
        "A sentence on the band, of your own words.",
    ),
    c("home/_parts.html", "note", "{{ note(project) }}", "Says that the page is being improved, while it is."),
    c("home/_parts.html", "asked", "{{ asked(project, frame) }}", "What is asked of the reader."),
    c("home/_parts.html", "weather", "{{ weather(project, frame) }}", "What the weather has moved."),
    c("home/_parts.html", "next_visit", "{{ next_visit(project, frame) }}", "The next visit."),
    c("home/_parts.html", "lead", "{{ lead(project, frame) }}", "Who answers."),
    c("home/_parts.html", "steps", "{{ steps(project, frame) }}", "All the steps as a line through time."),
    c("home/_parts.html", "news", "{{ news(project, frame) }}", "What was done lately."),
    c("home/_parts.html", "photos", "{{ photos(project, frame) }}", "The latest photos."),
    c("home/_parts.html", "papers", "{{ papers(project, frame) }}", "The latest documents."),
    c("home/_parts.html", "way_back", "{{ way_back(page.several) }}", "The way back to several projects."),
    c(
        "components/_banner.html",
        "banner",
        "{{ banner(\"info\", \"What happened\", \"What it means.\") }}",
        "A note: info, positive, warning or danger.",
    ),
    c("components/_contact.html", "contact", "{{ contact(frame) }}", "Your phone and hours, from the branding."),
    c("components/_delay.html", "delay", "{{ delay(note, frame) }}", "One thing that the weather has moved."),
    c("components/_doc_row.html", "doc_row", "{{ doc_row(doc, frame) }}", "One paper, inside of <ul class=\"pl-docs pl-card\">."),
    c("components/_empty.html", "empty", "{{ empty(\"Nothing here yet\", \"When it will fill.\") }}", "Where there is nothing yet."),
    c("components/_needs.html", "needs", "{{ needs(page.needs, frame, \"visits\") }}", "What is asked of the reader, from a list."),
    c("components/_photo_grid.html", "photo_grid", "{{ photo_grid(project.photos, frame, 0) }}", "Photos in a grid."),
    c("components/_ring.html", "ring", "{% if project.ring %}{{ ring(project.ring, true) }}{% endif %}", "How far along."),
    c("components/_tag.html", "tag", "{{ tag(\"positive\", \"check\", \"Done\") }}", "An icon and a word."),
    c("components/_timeline.html", "timeline", "{{ timeline(project.steps, frame) }}", "Steps as a line through time."),
    c("components/_visit_card.html", "visit_card", "{{ visit_card(visit, frame, false) }}", "One visit, with its buttons."),
    c("updates/_update.html", "update_entry", "{{ update_entry(update, frame) }}", "One day, inside of <ol class=\"pl-updates\">."),
    c("photos/_compare.html", "compare", "{{ compare(pair, frame, false) }}", "Before and after."),
    c("photos/_large.html", "large", "{{ large(view, \"Photo\", frame) }}", "A photo alone in the window."),
    c("people/_ask.html", "ask_button", "{{ ask_button(page) }}", "The button that sends the sign-in mail."),
    c("mail/_parts.html", "para", "{{ para(frame, \"A paragraph.\") }}", "A paragraph."),
    c("mail/_parts.html", "button", "{{ button(frame, page.link, \"See my project\") }}", "The one button."),
    c("mail/_parts.html", "code", "{{ code(frame, page.code, \"Or type these six numbers:\") }}", "The six numbers."),
    c("mail/_parts.html", "quiet", "{{ quiet(frame, \"A line in a quiet colour\") }}", "A line in a quiet colour, above a paragraph."),
    c("mail/_parts.html", "small", "{{ small(frame, \"There is nothing for you to do.\") }}", "A small paragraph below."),
    c("mail/_parts.html", "address", "{{ address(frame, page.link) }}", "The address in full, where a button does not work."),
    c("mail/_dates.html", "moved", "{{ moved(frame, page.was, page.now) }}", "The old days, struck, and the new ones."),
    c("mail/_dates.html", "span", "{{ span(page.now, frame) }}", "A day, or the first and the last one."),
    c("mail/_news.html", "gist", "{{ gist(page) }}", "The news in one line."),
    c("mail/_visit.html", "facts", "{{ facts(page, frame) }}", "When, in a box; the old time struck."),
    c("mail/_visit.html", "when", "{{ when(page.time, frame) }}", "Day and hours."),
    c("mail/_visit.html", "subject", "{{ subject(page, frame)|trim }}", "Our subject for the occasion."),
    c("mail/_visit.html", "heading", "{{ heading(page, frame)|trim }}", "Our heading for the occasion."),
    c("mail/_visit.html", "intro", "{{ para(frame, intro(page)) }}", "Our first sentences for the occasion."),
    c("mail/_visit.html", "ask", "{% if ask(page) %}{{ para(frame, ask(page)) }}{% endif %}", "What we ask of the reader, if anything."),
    c("mail/_visit.html", "label", "{{ button(frame, page.link, label(page)) }}", "The button with our words for the occasion."),
];

/// The filters and functions, each with an example.
pub const WORDS: &[(&str, &str)] = &[
    ("{{ page.time.day|date(frame) }}", "A day: Tue, June 9."),
    ("{{ page.time.day|long_date(frame) }}", "A day in full: Tuesday, June 9, 2026."),
    ("{{ page.time.day|day(frame) }}", "The same, or today, tomorrow, yesterday."),
    ("{{ doc.newest.at|moment(frame) }}", "A day and a time of day."),
    ("{{ page.photos|plural(\"new photo\", \"new photos\") }}", "A number with its word."),
    ("{{ doc.newest.bytes|bytes }}", "A size: 2.4 MB."),
    ("{{ frame.brand.phone|tel }}", "A phone number as a link takes it."),
    ("{{ page.first_name|capital }}", "The first letter large."),
    ("{{ icon(\"check\") }}", "An icon."),
    ("{% if page.steps %} … {% endif %}", "Only where there is something."),
    ("{% for step in page.steps %} … {% endfor %}", "For each of a list."),
    ("{% set words %}with <strong>weight</strong>{% endset %}", "Words with markup in them, for a component."),
];
