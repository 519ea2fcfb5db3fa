//! What has happened at a house, and what is to come: the words and numbers of it, in working days before and after today.

mod copperpan;
mod larkrise;
mod templates;

use crate::{projects::ProjectStatus, schedule::WorkType, visibility::Visibility};

pub(super) use copperpan::STORIES as COPPERPAN;
pub(super) use larkrise::STORIES as LARKRISE;
pub(super) use templates::{COPPERPAN as COPPERPAN_TEMPLATES, LARKRISE as LARKRISE_TEMPLATES};

/// A project template.
pub(super) struct Template {
    pub name: &'static str,
    pub note: &'static str,
    pub phases: &'static [Phase],
    /// Name, hundredths of a percent, and the step that makes it due; none: on signing.
    pub draws: &'static [(&'static str, i32, Option<&'static str>)],
    /// Name, and the phase from 0.
    pub shots: &'static [(&'static str, u32)],
}

pub(super) struct Phase {
    pub name: &'static str,
    pub weight: i32,
    pub steps: &'static [Step],
}

/// Each step waits for the one before.
pub(super) struct Step {
    pub name: &'static str,
    pub note: &'static str,
    pub days: i32,
    /// Working days between the step before and this one.
    pub lag: i32,
    pub work: Option<WorkType>,
}

/// The story of one project.
pub(super) struct Story {
    /// The project's name.
    pub work: &'static str,
    pub template: &'static str,
    /// Its first day, in working days from today; negative: before.
    pub begins: i64,
    /// So many steps are done.
    pub done: usize,
    /// And the next one has begun.
    pub begun: bool,
    pub headline: &'static str,
    pub detail: &'static str,
    pub lead: (&'static str, &'static str),
    /// Latitude and longitude.
    pub place: (f64, f64),
    pub moved: Option<Move>,
    pub updates: &'static [Update],
    pub pictures: &'static [Picture],
    pub pair: Option<Pair>,
    pub marked: Option<Marked>,
    pub visits: &'static [Visit],
    pub rain: Option<Rain>,
    /// Where the project stands when all is told; none: as it does.
    pub ends: Option<ProjectStatus>,
}

/// What is left out of a story.
pub(super) const PLAIN: Story = Story {
    work: "",
    template: "",
    begins: 0,
    done: 0,
    begun: false,
    headline: "",
    detail: "",
    lead: ("", ""),
    place: (0.0, 0.0),
    moved: None,
    updates: &[],
    pictures: &[],
    pair: None,
    marked: None,
    visits: &[],
    rain: None,
    ends: None,
};

/// A step that staff moved.
pub(super) struct Move {
    pub step: &'static str,
    pub days: i64,
    pub reason: &'static str,
}

pub(super) struct Update {
    /// Working days before today.
    pub back: i64,
    pub visibility: Visibility,
    pub body: &'static str,
}

pub(super) struct Picture {
    /// The drawing.
    pub file: &'static str,
    /// Working days before today, and the time of day.
    pub back: i64,
    pub at: (u32, u32),
    pub room: &'static str,
    pub caption: &'static str,
    pub phase: u32,
    pub visibility: Visibility,
    /// The required photo that it is.
    pub shot: Option<&'static str>,
}

/// For the household, of no list of required photos.
pub(super) const fn picture(
    file: &'static str,
    back: i64,
    at: (u32, u32),
    room: &'static str,
    caption: &'static str,
    phase: u32,
) -> Picture {
    Picture { file, back, at, room, caption, phase, visibility: Visibility::Client, shot: None }
}

/// The same as one of the required photos.
pub(super) const fn required(shot: &'static str, picture: Picture) -> Picture {
    Picture { shot: Some(shot), ..picture }
}

/// Two drawings of the same spot.
pub(super) struct Pair {
    pub title: &'static str,
    pub before: &'static str,
    pub after: &'static str,
}

/// An ellipse and an arrow with words over a drawing.
pub(super) struct Marked {
    pub file: &'static str,
    pub circle: [f64; 4],
    pub arrow: [f64; 4],
    pub words: &'static str,
}

pub(super) struct Visit {
    pub title: &'static str,
    /// Working days from today.
    pub ahead: i64,
    pub from: &'static str,
    pub until: &'static str,
    pub who: &'static str,
    pub prepare: &'static str,
    pub step: Option<&'static str>,
    /// The mail address of the customer who said yes.
    pub confirmed_by: Option<&'static str>,
}

/// It rains on the days that a step was first planned for.
pub(super) struct Rain {
    pub step: &'static str,
    /// The company has let the delay count.
    pub accepted: bool,
}

#[cfg(test)]
mod tests {
    use super::super::{COMPANIES, drawings};

    #[test]
    fn stories_name_what_there_is() {
        let noon = "2026-06-09T12:00:00".parse().unwrap();
        for story in COMPANIES.iter().flat_map(|company| company.stories.iter().map(move |story| (company, story))) {
            let (company, story) = story;
            let works = company.homes.iter().flat_map(|home| home.works);
            assert!(works.into_iter().any(|work| work.name == story.work), "{}", story.work);
            let template = company.templates.iter().find(|t| t.name == story.template).expect(story.template);
            let steps: Vec<_> = template.phases.iter().flat_map(|phase| phase.steps.iter().map(|step| step.name)).collect();
            let named = story.moved.iter().map(|m| m.step).chain(story.rain.iter().map(|r| r.step));
            for step in named.chain(story.visits.iter().filter_map(|visit| visit.step)) {
                assert!(steps.contains(&step), "{}: {step}", story.work);
            }
            assert!(story.done <= steps.len() && !story.lead.0.is_empty());
            for picture in story.pictures {
                assert!(
                    drawings::taken(picture.file, noon).is_ok() && (picture.phase as usize) < template.phases.len(),
                    "{}",
                    picture.file
                );
                assert!(picture.shot.is_none_or(|shot| template.shots.iter().any(|(name, _)| *name == shot)), "{}", picture.file);
            }
            let files: Vec<_> = story.pictures.iter().map(|picture| picture.file).collect();
            let laid = story.pair.iter().flat_map(|pair| [pair.before, pair.after]).chain(story.marked.iter().map(|m| m.file));
            assert!(laid.into_iter().all(|file| files.contains(&file)), "{}", story.work);
            assert!(template.draws.iter().all(|(_, _, step)| step.is_none_or(|step| steps.contains(&step))));
        }
    }
}
