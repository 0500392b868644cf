"""A browser without a network: requests straight to Odoo's application, counted and timed."""

import json
import threading
import time
from dataclasses import dataclass

from werkzeug.test import Client

from odoo import http
from odoo.service.server import load_server_wide_modules


@dataclass
class Answer:
    """What came back, and what it took."""

    text: str
    status: int
    queries: int
    seconds: float
    statements: list

    @property
    def result(self):
        """:raise AssertionError: the server answered with an error"""
        data = json.loads(self.text)
        if "error" in data:
            raise AssertionError(data["error"]["data"]["debug"])
        return data["result"]


class Browser:
    """One user's session."""

    def __init__(self, database, login=None, password=None):
        load_server_wide_modules()
        self.client = Client(http.root)
        self.database = database
        if login:
            self._log_in(login, password or login)

    def _log_in(self, login, password):
        params = {"db": self.database, "login": login, "password": password}
        session = self.rpc("/web/session/authenticate", params).result
        self.uid = session["uid"]
        self.context = session["user_context"]

    def rpc(self, path, params):
        payload = {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}
        return self._open(path, method="POST", json=payload)

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does; the answer's `result` is what it returned."""
        context = {**self.context, **kwargs.pop("context", {})}
        params = {
            "model": model,
            "method": method,
            "args": args,
            "kwargs": {**kwargs, "context": context},
        }
        return self.rpc(f"/web/dataset/call_kw/{model}/{method}", params)

    def get(self, path):
        answer = self._open(path, method="GET")
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}")
        return answer

    def _open(self, path, **kwargs):
        statements = []
        thread = threading.current_thread()
        thread.query_hooks = [lambda _cr, query, params, _start, _delay: statements.append(query)]
        start = time.perf_counter()
        try:
            response = self.client.open(
                path,
                base_url="http://localhost",
                environ_base={"REMOTE_ADDR": "127.0.0.1"},
                **kwargs,
            )
            text = response.get_data(as_text=True)
        finally:
            thread.query_hooks = []
        seconds = time.perf_counter() - start
        return Answer(text, response.status_code, len(statements), seconds, statements)
