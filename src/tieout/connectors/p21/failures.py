"""The failures of talking to P21, each with a sentence that says what to do. Codes begin with ``p21.``."""

from __future__ import annotations

from tieout.connectors._json import NotWhole
from tieout.connectors._wire import Broken, Reply, Silent
from tieout.connectors.p21.answers import outline, said, shown
from tieout.kernel.failures import Defect, Failed, Fix, Retry

AWAY = frozenset((502, 503, 504))


def not_reached(host: str, words: str) -> Retry:
    """Nothing of a request left us."""
    if "CERTIFICATE" in words.upper():
        sentence = (
            f"The certificate of P21 at {host} is not trusted. Give the site's certificate authority as ca_file "
            "(a PEM file); checking is never turned off."
        )
        return Retry("p21.certificate", sentence, shown(words), outage=True)
    if "SSL" in words.upper():
        sentence = (
            f"P21 at {host} does not answer with TLS (https). Check the scheme and the port of base_url; work resumes by "
            "itself."
        )
        return Retry("p21.unreachable", sentence, shown(words), outage=True)
    sentence = (
        f"P21 at {host} cannot be reached. Check that it is running, that base_url is right and that no firewall is "
        "in between; work resumes by itself."
    )
    return Retry("p21.unreachable", sentence, shown(words), outage=True)


def held_up(host: str, words: str) -> Retry:
    """This process stood still between the decision to write and the first byte."""
    sentence = (
        f"The worker stood still before it could send to P21 at {host}, so nothing was sent. It looks first and sends "
        "again by itself; if this stays, look at the load of the machine."
    )
    return Retry("p21.held_up", sentence, shown(words))


def broken(host: str, error: Broken) -> Retry:
    """A read got no complete answer: this one only, or P21 is away and waiting for it is nobody's fault."""
    if isinstance(error, Silent):
        sentence = (
            f"P21 at {host} takes connections but answers nothing. Check the P21 API server and what stands before it; "
            "work resumes by itself."
        )
        return Retry("p21.no_answer", sentence, shown(str(error)), outage=True)
    sentence = f"P21 at {host} gave no complete answer to a question. It is asked again by itself."
    return Retry("p21.no_answer", sentence, shown(str(error)))


def refused_credentials(credential: str, reply: Reply) -> Retry:
    """The token call said no."""
    sentence = (
        f"P21 refuses the {credential}. Correct it in the connection (and see in P21 that the user is active and may "
        "use the API); work resumes by itself."
    )
    return Retry("p21.credentials", sentence, outline(reply), outage=True)


def no_token(reply: Reply, url: str) -> Retry:
    """The token call answered something that holds no token."""
    sentence = (
        f"P21's login at {url} answered no token. Check that base_url is the address of the P21 API server and not of a "
        "portal or a login page in front of it; work resumes by itself."
    )
    return Retry("p21.login", sentence, outline(reply), outage=True)


def still_unauthorized(what: str, reply: Reply) -> Retry:
    """A read was refused with a token that was just made."""
    sentence = (
        f"P21 gave a token but does not accept it for {what}. In P21's User Maintenance set Allow OData API Service to "
        "Yes and grant the tables in the role's Dataservice Permission; work resumes by itself."
    )
    return Retry("p21.unauthorized", sentence, said(reply), outage=True)


def forbidden(what: str, reply: Reply) -> Retry:
    """A read was refused: permission."""
    sentence = (
        f"The P21 user may not use {what}. Grant it in P21 (Role Maintenance, Dataservice Permission; for a consumer key "
        "its API scope, then make a new key); work resumes by itself."
    )
    return Retry("p21.forbidden", sentence, said(reply), outage=True)


def failing(what: str, reply: Reply, *, everything: bool = False) -> Retry:
    """A read was answered with a server error; ``everything`` says that nothing works without what was asked for."""
    away = everything or reply.status in AWAY
    state = "is not available" if away else f"failed on {what}"
    sentence = (
        f"P21 {state} (HTTP {reply.status}). It is asked again by itself; look at the P21 API server if this stays."
    )
    return Retry(
        "p21.away" if away else "p21.server_error", sentence, said(reply), reply.retry_after_seconds, outage=away
    )


def web_page(what: str, reply: Reply) -> Retry:
    """A read was answered with a page for people: maintenance, or a login that stands before P21."""
    sentence = (
        f"P21 answered a web page where {what} was asked for: it is in maintenance, or a login page stands before it. Work "
        "resumes by itself; if this stays, look at the P21 API server and at base_url."
    )
    return Retry("p21.away", sentence, said(reply), outage=True)


def busy(reply: Reply) -> Retry:
    """The other side asks for patience."""
    sentence = "P21 asks to be called less often. It is asked again by itself; lower calls_per_second if this stays."
    return Retry("p21.busy", sentence, said(reply), reply.retry_after_seconds, outage=True)


def wrong_path(what: str, path: str, reply: Reply) -> Fix:
    """A read's path, column or literal does not exist: a 404 never means "no rows" here (P21 facts §6.1)."""
    sentence = (
        f"P21 does not know {what} at {path}. Check base_url and the P21 version; for a table or column let an "
        "administrator run Refresh OData API service in SOA Admin and grant it to the user."
    )
    return Fix("p21.not_offered", sentence, said(reply), field="base_url")


def cut_short(what: str, reply: Reply, error: ValueError) -> Failed:
    """A read was answered, but not with whole JSON: cut on its way, or sent too early. It is asked again as when no answer came.

    What is whole and without measure breaks the contract.
    """
    if not isinstance(error, NotWhole):
        return unreadable(what, said(reply))
    sentence = (
        f"P21 answered {what} with only a part of an answer. It is asked again by itself; if this stays, look at the P21 API "
        "server and at what stands before it (proxy, gateway)."
    )
    return Failed(Retry("p21.cut_short", sentence, said(reply)))


def unreadable(what: str, words: str) -> Failed:
    """An answer that breaks the contract: never taken for "nothing found"."""
    sentence = f"P21 answered {what} in a form that cannot be read. Report it with the detail below."
    return Failed(Defect("p21.contract", sentence, shown(words)))
