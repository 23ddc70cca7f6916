"""The setting by which a node names a connection; empty means the only one of its kind."""

from __future__ import annotations

from tieout.domain.workflow.form import SettingField

CONNECTION = SettingField("connection", "name", "Connection (empty: the only one)")
