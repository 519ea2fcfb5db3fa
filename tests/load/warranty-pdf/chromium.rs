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
        let page = browser.folder.join("frame.html");
        fs::write(&page, frame)?;
        let target = browser.call("Target.createTarget", json!({ "url": format!("file://{}", page.display()) }))?;
        let attached = browser.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }))?;
        browser.session = attached["sessionId"].as_str().ok_or("no session")?.to_owned();
        browser.evaluate("new Promise(r => document.readyState === 'complete' ? r() : addEventListener('load', r))")?;
        Ok(browser)
    }

    /// Puts the body into the page and prints it.
    pub fn print(&mut self, body: &str) -> Outcome<Vec<u8>> {
        self.evaluate(&format!("document.body.innerHTML = {}; document.fonts.ready.then(() => 1)", Value::from(body)))?;
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
