//! Version 1 of the contract: generated bindings, and how they lead to the [`Door`].

mod convert;
mod imports;

use crate::{
    data::{DocumentRequest, Event, Output},
    delegate::Failure,
    door::Door,
    inspect::World,
    meter::{CpuClock, Meter},
    reason::Reason,
};
use wasmtime::{
    Result, Store,
    component::{Component, HasSelf, Linker, Resource, ResourceTable},
};

/// What a store holds.
pub(crate) struct State {
    pub(crate) meter: Meter,
    pub(crate) cpu: CpuClock,
    pub(crate) door: Door,
    pub(crate) table: ResourceTable,
}

/// What stands behind a guest's handle of a project.
pub struct Project {
    id: String,
}

mod bindings {
    pub(crate) mod host {
        wasmtime::component::bindgen!({
            path: "../wit", world: "host",
            imports: { default: async | trappable },
            with: { "plumbline:plugin/projects.project": crate::v1::Project },
        });
    }
    /// The other worlds, over the same imports.
    macro_rules! world {
        ($module:ident, $world:literal) => {
            pub(crate) mod $module {
                wasmtime::component::bindgen!({
                    path: "../wit", world: $world,
                    imports: { default: async | trappable },
                    exports: { default: async },
                    with: {
                        "plumbline:plugin/types": super::host::plumbline::plugin::types,
                        "plumbline:plugin/log": super::host::plumbline::plugin::log,
                        "plumbline:plugin/clock": super::host::plumbline::plugin::clock,
                        "plumbline:plugin/random": super::host::plumbline::plugin::random,
                        "plumbline:plugin/projects": super::host::plumbline::plugin::projects,
                        "plumbline:plugin/kv": super::host::plumbline::plugin::kv,
                        "plumbline:plugin/http": super::host::plumbline::plugin::http,
                        "plumbline:plugin/secrets": super::host::plumbline::plugin::secrets,
                    },
                });
            }
        };
    }
    world!(document_generator, "document-generator");
    world!(notifier, "notifier");
    world!(event_hook, "event-hook");
}

use bindings::{
    document_generator::{DocumentGeneratorPre, exports::plumbline::plugin::documents},
    event_hook::EventHookPre,
    host::plumbline::plugin as wit,
    notifier::NotifierPre,
};

/// A component of this version, linked and ready to be instantiated.
#[derive(Clone)]
pub(crate) enum Ready {
    Document(DocumentGeneratorPre<State>),
    Notifier(NotifierPre<State>),
    Hook(EventHookPre<State>),
}

/// All that this version offers, and nothing else.
pub(crate) fn linker(engine: &wasmtime::Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    bindings::host::Host_::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    Ok(linker)
}

/// Checks every type of the component's outside against the contract.
pub(crate) fn link(linker: &Linker<State>, component: &Component, world: World) -> Result<Ready> {
    let pre = linker.instantiate_pre(component)?;
    Ok(match world {
        World::DocumentGenerator => Ready::Document(DocumentGeneratorPre::new(pre)?),
        World::Notifier => Ready::Notifier(NotifierPre::new(pre)?),
        World::EventHook => Ready::Hook(EventHookPre::new(pre)?),
    })
}

/// What is asked of a component, in this version's order.
pub(crate) enum Question<'a> {
    Document { request: &'a DocumentRequest, project: &'a str },
    Notify(&'a Event),
    Hear(&'a Event),
}

/// Instantiates it and asks. `Err` inside is the guest's own no.
pub(crate) async fn ask(ready: &Ready, store: &mut Store<State>, question: Question<'_>, settings: &str) -> Result<Result<Output, String>> {
    Ok(match (ready, question) {
        (Ready::Document(pre), Question::Document { request, project }) => {
            store.data_mut().door.give(project);
            let guest = pre.instantiate_async(&mut *store).await?;
            let handle = store.data_mut().table.push(Project { id: project.to_owned() })?;
            let request = convert::request(request, settings);
            let answer =
                guest.plumbline_plugin_documents().call_generate(&mut *store, &request, Resource::new_borrow(handle.rep())).await?;
            answer.map(convert::output)
        }
        (Ready::Notifier(pre), Question::Notify(event)) => {
            let guest = pre.instantiate_async(&mut *store).await?;
            let answer = guest.plumbline_plugin_notifications().call_notify(&mut *store, &convert::event(event), settings).await?;
            answer.map(convert::messages)
        }
        (Ready::Hook(pre), Question::Hear(event)) => {
            let guest = pre.instantiate_async(&mut *store).await?;
            let answer = guest.plumbline_plugin_events().call_handle(&mut *store, &convert::event(event), settings).await?;
            answer.map(convert::notes)
        }
        _ => return Err(crate::error::Halt::error(Reason::NotForIt { what: "this plugin is not asked this".to_owned() })),
    })
}

/// Instantiates it and asks nothing.
pub(crate) async fn start(ready: &Ready, store: &mut Store<State>) -> Result<()> {
    match ready {
        Ready::Document(pre) => pre.instantiate_async(store).await.map(|_| ()),
        Ready::Notifier(pre) => pre.instantiate_async(store).await.map(|_| ()),
        Ready::Hook(pre) => pre.instantiate_async(store).await.map(|_| ()),
    }
}

/// The contract's form of a failure.
fn failure(failure: Failure) -> wit::types::Failure {
    wit::types::Failure { code: convert::code(failure.code), message: failure.message }
}
