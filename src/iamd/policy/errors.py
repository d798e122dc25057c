"""Why a policy was not accepted."""


class PolicyError(Exception):
    """A document that AWS would not accept.

    `message` is AWS's (of MalformedPolicyDocument and its kin); `path` points into the document
    (`Statement[1].Action`), "" for the whole; `detail` says in plain words what is wrong there.
    """

    def __init__(self, message: str, path: str = "", detail: str = "") -> None:
        super().__init__(message, path, detail)
        self.message = message
        self.path = path
        self.detail = detail or message

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}" if self.path else self.detail
