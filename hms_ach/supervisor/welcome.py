"""What `bin/run` says once everybody may come in."""

from hms_ach.demo.catalogue import DEMO_PIN, STAFF


def welcome(environment: dict[str, str], *, url: str, seconds: float) -> str:
    lines = ["", f"HMS-ACH is ready at {url}  (after {seconds:.1f} s; Ctrl-C stops it)"]
    if environment["HMS_ACH_DEMO"] == "1":
        lines += ["", f"Demo sign-ins, all with the password  {environment['DEMO_PASSWORD']}"]
        lines += [f"  {person.username:<18} {_roles(person.roles)}" for person in STAFF]
        lines.append(f"Cashiers agree at one another's screens with the PIN  {DEMO_PIN}")
    return "\n".join(lines) + "\n"


def _roles(roles: tuple[str, ...]) -> str:
    return ", ".join(role.replace("_", " ").lower() for role in roles)
