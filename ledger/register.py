"""Former names of `ledger.state`, until the renaming is done."""

from ledger.state import Edition, EntryState, EventRef, LedgerState, Objection, Reversed

Register = LedgerState
EntryLife = EntryState
Mark = EventRef
__all__ = ["Edition", "EntryLife", "Mark", "Objection", "Register", "Reversed"]
