"""Says what the log's codes mean, as a sentence about whoever did it. It never says what was in a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from console.desk.case import EVENTS
from messages import Text, raw, t

_Said = Callable[[str], Text]


def _plain(text: Text) -> _Said:
    return lambda _name: text


SAID: Final[Mapping[str, _Said]] = {
    **EVENTS,
    "write": _plain(t("wrote a note")),
    "track": _plain(t("changed the state of a track")),
    "task": _plain(t("wrote a task down")),
    "lower": _plain(t("lowered the urgency")),
    "raise": _plain(t("raised the urgency")),
    "close": _plain(t("closed the case")),
    "reopen": _plain(t("reopened the case")),
    "message": _plain(t("wrote to her")),
    "message_held": _plain(t("wrote to her, and the message waits for a safe hour")),
    "another": lambda name: t("the woman asked for somebody else than {name}", name=raw(name)),
    "readers": lambda name: t("looked which cases {name} can open", name=raw(name)),
    "invited": lambda name: t("invited {name}", name=raw(name)),
    "welcomed": _plain(t("chose her passphrase, and has a key now")),
    "disabled": lambda name: t("closed the desk to {name}", name=raw(name)),
    "signed_in": _plain(t("signed in")),
    "sign_in_wrong": lambda name: t("somebody tried a wrong passphrase for {name}", name=raw(name)),
    "second_wrong": lambda name: t("somebody gave a wrong second code for {name}", name=raw(name)),
    "passphrase_wrong": _plain(t("gave a wrong passphrase at her account")),
    "passphrase_changed": _plain(t("changed her passphrase")),
    "factor_set": _plain(t("set her second factor")),
    "recovery_used": _plain(t("used a recovery code instead of the second factor")),
    "left": _plain(t("signed out")),
    "session_ended": _plain(t("ended one of her sessions")),
    "sessions_ended": _plain(t("ended all her other sessions")),
    "link_code_made": _plain(t("asked for a code to link a phone")),
    "linked": _plain(t("linked a phone")),
    "unlinked": _plain(t("took a phone off her account")),
    "duress_set": _plain(t("set a passphrase for when she is forced")),
    "duress_removed": _plain(t("removed the passphrase for when she is forced")),
    "duress": _plain(t("signed in with the passphrase for when she is forced")),
    "duress_over": lambda name: t("noted that {name} is safe again", name=raw(name)),
    "media_added": _plain(t("added a picture, voice or video to the library")),
    "media_withdrawn": _plain(t("withdrew a picture, voice or video from the library")),
    "rota:add": _plain(t("added a shift")),
    "rota:remove": _plain(t("removed a shift")),
    "rota:ask": _plain(t("asked a colleague to cover a shift")),
    "rota:take": _plain(t("took a shift over")),
    "rota:decline": _plain(t("declined to cover a shift")),
    "rota:withdraw": _plain(t("took a request to cover back")),
    "rota:feed": _plain(t("made a link to her calendar")),
    "rota:feed_end": _plain(t("ended the link to her calendar")),
    "voice:pin_set": _plain(t("set a PIN for calls")),
    "voice:number_set": _plain(t("set a number for calls")),
    "voice:forgotten": _plain(t("removed the PIN and the number for calls")),
    "voice:wrong_pin": _plain(t("a call was answered with a wrong PIN")),
    "voice:shut": _plain(t("calls were shut after too many wrong PINs")),
    "drill:began": _plain(t("began a drill")),
    "drill:answered": _plain(t("took the drill's page")),
    "drill:unanswered": _plain(t("a drill ended, and nobody had taken it")),
    "drill:stopped": _plain(t("stopped a drill")),
    "recovery:asked": lambda name: t("recovery was asked for, for {name}", name=raw(name)),
    "recovery:given": lambda name: t("the recovery key opened the case to {name} again", name=raw(name)),
    "backup:made": _plain(t("a backup was made")),
    "backup:restored": _plain(t("a backup was restored")),
    "keys:rotated": _plain(t("everything was sealed anew with the newest server key")),
    "destroyed": _plain(t("destroyed it: the woman wanted that, or its time was over")),
    "retention:review": _plain(t("said that it is to be looked at again, being kept as evidence")),
    "poll:written": _plain(t("wrote on a poll or pledge")),
    "poll:approved": _plain(t("approved a poll or pledge")),
    "poll:closed": _plain(t("ended a poll or pledge")),
    "poll:deleted": _plain(t("deleted a poll or pledge")),
    "story:written": _plain(t("wrote on a story or initiative")),
    "story:published": _plain(t("published a story or initiative")),
    "story:withdrawn": _plain(t("withdrew a story or initiative")),
    "story:deleted": _plain(t("deleted a story or initiative")),
    "box:passed_on": _plain(t("passed a question on")),
    "box:refused": _plain(t("did not pass a question on")),
    "box:answered": _plain(t("wrote an answer to a question")),
    "box:sent_back": _plain(t("asked for another answer to a question")),
    "box:released": _plain(t("let an answer go to the woman who asked")),
    "leader:code": _plain(t("made a code for a leader")),
    "leader:void": _plain(t("took all codes for leaders back")),
    "leader:joined": _plain(t("a leader came by a code")),
    "run_launched": _plain(t("handed a sending over: it goes out at its hour")),
    "run_paused": _plain(t("held a sending")),
    "run_resumed": _plain(t("let a held sending go on")),
    "run_cancelled": _plain(t("ended a sending")),
    "run_retried": _plain(t("sent again what had failed in a sending")),
    "doubt_sent": _plain(t("said of a letter in doubt that it arrived")),
    "doubt_again": _plain(t("sent a letter in doubt again")),
    "broadcasts_stopped": _plain(t("stopped everything that was being sent to many")),
    "broadcasts_allowed": _plain(t("let everything that is sent to many go on")),
    "tips_added": _plain(t("added a line to the calendar of tips")),
    "tips_removed": _plain(t("removed a line from the calendar of tips")),
    "tips_paused": _plain(t("let a line of the calendar of tips rest")),
    "tips_resumed": _plain(t("let a line of the calendar of tips go on")),
    "run_exported": _plain(t("took the numbers of a sending out as a table")),
    "campaign:made": _plain(t("began a campaign")),
    "campaign:saved": _plain(t("changed a campaign")),
    "campaign:asked": _plain(t("asked for a second person for a campaign")),
    "campaign:approved": _plain(t("approved a campaign")),
    "campaign:overruled": _plain(t("said that words in a campaign are no names, and why")),
    "campaign:back": _plain(t("took a campaign back")),
    "campaign:unsigned": _plain(t("a campaign was not what had been signed, and was taken back")),
    "campaign:over": _plain(t("all of a campaign has gone out")),
    "campaign:deleted": _plain(t("deleted a campaign")),
    "campaign:tested": _plain(t("sent a campaign's message to her own phone")),
    "template:added": _plain(t("registered a WhatsApp template")),
    "template:paused": _plain(t("paused a WhatsApp template")),
    "template:approved": _plain(t("allowed a WhatsApp template again")),
    "template:deleted": _plain(t("removed a WhatsApp template")),
    "log:read": _plain(t("looked into the log")),
    "log:read_case": _plain(t("looked into the log of the case")),
    "log:trimmed": _plain(t("entries older than a year were removed, as the rules want")),
}
"""Every code that is written into the log. A new one that isn't here is shown as it is, and fails a test."""
PROGRAM: Final = t("Sanad itself")


def said(what: str, name: str) -> Text:
    """What an entry says; `name` is whom it is about, if it is about somebody."""
    found = SAID.get(what)
    return raw(what) if found is None else found(name)
