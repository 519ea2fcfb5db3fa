# {{title}}: a warranty for finished work.
import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.documents import Content, Fact, Output_Content
from wit_world.imports import log, projects


class Documents(exports.Documents):
    def generate(self, request, project):
        settings = json.loads(request.settings)
        details = project.details()
        if details.ends_on is None:
            raise Err("The work has no last day yet.")
        log.write(log.Level.INFO, f"a warranty of {settings['years']} years for project {details.number}")
        name = projects.company().name
        return Output_Content(
            Content(
                title="{{title}}",
                subtitle=details.name,
                intro=[f"{name} warrants its work at {details.address} for {settings['years']} years."],
                facts=[
                    Fact("Number", request.number),
                    Fact("Owner", details.household),
                    Fact("Work finished", details.ends_on),
                ],
                covered=["Faults that come from how the work was done"],
                not_covered=["Wear, and work by others"],
                sections=[],
                signatures=[],
            )
        )
