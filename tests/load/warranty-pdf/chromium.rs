//! A headless Chromium that is spoken to through its debugging pipe: messages of JSON, each with a zero byte after it.

use crate::Outcome;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// Without the picture it would print the words that stand for it.
const SHOWN: &str = "Promise.all([document.fonts.ready, ...Array.from(document.images, i => i.decode())]).then(() => 1)";

pub struct Chromium {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: String,
    count: u64,
    folder: PathBuf,
}

impl Chromium {
    /// Starts it and opens the page whose body is exchanged afterwards.
    pub fn start(file: &str, frame: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("warranty-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        // The pipe is its descriptors 3 and 4; the shell gives it our two ends.
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#, file])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--allow-file-access-from-files"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(to), Some(from)) = (process.stdin.take(), process.stdout.take()) else { return Err("no pipes".into()) };
        let mut browser = Self { process, to, from: BufReader::new(from), session: String::new(), count: 0, folder };
        let page = browser.file(frame)?;
        browser.session = browser.open(&json!({ "url": page }))?;
        Ok(browser)
    }

    /// A page as a file of its own; its address.
    fn file(&self, html: &str) -> Outcome<String> {
        let file = self.folder.join("page.html");
        fs::write(&file, html)?;
        Ok(format!("file://{}", file.display()))
    }

    /// Opens a page and waits for it; its session.
    fn open(&mut self, what: &Value) -> Outcome<String> {
        let target = self.call("Target.createTarget", what.clone())?;
        let attached = self.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }))?;
        let session = attached["sessionId"].as_str().ok_or("no session")?.to_owned();
        let before = std::mem::replace(&mut self.session, session);
        self.evaluate("new Promise(r => document.readyState === 'complete' ? r() : addEventListener('load', r))")?;
        Ok(std::mem::replace(&mut self.session, before))
    }

    /// Prints a page in a context of its own, which shares nothing with the pages before, as it must where they are different
    /// people's.
    pub fn print_apart(&mut self, html: &str) -> Outcome<Vec<u8>> {
        let url = self.file(html)?;
        let kept = std::mem::take(&mut self.session);
        let context = self.call("Target.createBrowserContext", json!({}))?["browserContextId"].take();
        self.session = self.open(&json!({ "url": url, "browserContextId": context }))?;
        self.evaluate(SHOWN)?;
        let printed = self.printed();
        self.session.clear();
        self.call("Target.disposeBrowserContext", json!({ "browserContextId": context }))?;
        self.session = kept;
        printed
    }

    /// Prints a page by a browser that is started for it.
    pub fn print_anew(&self, browser: &str, html: &str) -> Outcome<Vec<u8>> {
        let (url, pdf) = (self.file(html)?, self.folder.join("page.pdf"));
        let mut command = Command::new(browser);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--no-pdf-header-footer"]);
        command.arg(format!("--user-data-dir={}", self.folder.join("anew").display()));
        command.arg(format!("--print-to-pdf={}", pdf.display())).arg(url);
        if !command.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success() {
            return Err("Chromium printed nothing".into());
        }
        Ok(fs::read(&pdf)?)
    }

    /// Puts the body into the page and prints it.
    pub fn print(&mut self, body: &str) -> Outcome<Vec<u8>> {
        self.evaluate(&format!("document.body.innerHTML = {}; {SHOWN}", Value::from(body)))?;
        self.printed()
    }

    fn printed(&mut self) -> Outcome<Vec<u8>> {
        let options = json!({ "preferCSSPageSize": true, "printBackground": true, "generateTaggedPDF": true });
        let answer = self.call("Page.printToPDF", options)?;
        Ok(BASE64_STANDARD.decode(answer["data"].as_str().ok_or("no data")?)?)
    }

    fn evaluate(&mut self, script: &str) -> Outcome<()> {
        let answer = self.call("Runtime.evaluate", json!({ "expression": script, "awaitPromise": true }))?;
        if answer["exceptionDetails"].is_null() { Ok(()) } else { Err(answer["exceptionDetails"].to_string().into()) }
    }

    /// One command and its answer; events in between are passed over.
    fn call(&mut self, method: &str, params: Value) -> Outcome<Value> {
        self.count += 1;
        let mut message = json!({ "id": self.count, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = Value::from(self.session.as_str());
        }
        let mut bytes = serde_json::to_vec(&message)?;
        bytes.push(0);
        self.to.write_all(&bytes)?;
        self.to.flush()?;
        loop {
            let mut answer = Vec::new();
            if self.from.read_until(0, &mut answer)? == 0 {
                return Err("Chromium has ended; can it be started here?".into());
            }
            answer.pop();
            let mut answer: Value = serde_json::from_slice(&answer)?;
            if answer["id"] != self.count {
                continue;
            }
            if !answer["error"].is_null() {
                return Err(format!("{method}: {}", answer["error"]).into());
            }
            return Ok(answer["result"].take());
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It ends by itself when asked to; if it is gone already, that is as good.
        let _ = self.call_close();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Chromium {
    fn call_close(&mut self) -> Outcome<()> {
        self.session.clear();
        self.call("Browser.close", json!({}))?;
        Ok(())
    }
}
