"""An AWS service: its operations, each one function, and the table that names what each must be allowed."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar, overload

from iamd.authz.check import Checks
from iamd.kernel.body_copy import CopyOrder
from iamd.kernel.context import Context
from iamd.model.http import HttpRequest
from iamd.wire.service import OperationSpec, ServiceSpec, load_service

_READS: Final = ("Get", "List", "Head", "Describe", "Select", "Simulate", "Decode", "Generate")
"""First words of the operations that change nothing; every other one goes through the writer."""

_URGENT: Final = re.compile(
    r"(?:Abort|Attach|ChangePassword|Deactivate|Delete|Detach|Disable|Remove|Revoke|Set|Untag|Update)\w*"
    r"|Put\w*(?:Policy|PermissionsBoundary|PublicAccessBlock)"
)
"""The operations that take something away, or change who may do what: a policy that denies takes away as well."""

Function = TypeVar("Function", bound=Callable[[Context, Any], Any])
Prepare = Callable[[Context, Any], Any]
Copies = Callable[[HttpRequest, Any], CopyOrder | None]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `spec` is its wire side, `function` its meaning, `checks` what it needs (None: denied to all).

    `writes`: it runs in the one writer. `urgent`: on a full disk too. `open_to_all`: AWS asks no permission for it.
    `unsigned`: it may come without credentials. `itemwise`: its checks are decided one by one and handed to it as
    `Context.verdicts`. `copies` names stored bytes that are read before it runs, from what authorization found; they
    come as `Context.prepared`.
    """

    spec: OperationSpec
    function: Callable[[Context, Any], Any]
    checks: Checks | None
    writes: bool
    urgent: bool
    open_to_all: bool
    unsigned: bool
    itemwise: bool
    prepare: Prepare | None
    copies: Copies | None


class Traits(NamedTuple):
    """What a function says of itself when it becomes an operation."""

    issues_credentials: bool
    open_to_all: bool
    unsigned: bool
    itemwise: bool
    prepare: Prepare | None
    copies: Copies | None


class Service:
    """The operations of one AWS service model, found in `services/<folder>/operations/`.

    `checks` maps operation names to their checks. A function whose name is no operation of the model, and a second one
    for the same operation, fail when the service is loaded.
    """

    def __init__(self, name: str, package: str, checks: Mapping[str, Checks]) -> None:
        self.name = name
        self._package = package
        self._checks = checks
        self._functions: dict[str, tuple[Callable[[Context, Any], Any], Traits]] = {}

    @overload
    def operation(self, function: Function, /) -> Function: ...
    @overload
    def operation(
        self,
        /,
        *,
        issues_credentials: bool = ...,
        open_to_all: bool = ...,
        unsigned: bool = ...,
        itemwise: bool = ...,
        prepare: Prepare | None = ...,
        copies: Copies | None = ...,
    ) -> Callable[[Function], Function]: ...
    def operation(
        self,
        function: Any = None,
        /,
        *,
        issues_credentials: bool = False,
        open_to_all: bool = False,
        unsigned: bool = False,
        itemwise: bool = False,
        prepare: Prepare | None = None,
        copies: Copies | None = None,
    ) -> Any:
        """Make a function the operation of its name. `issues_credentials`: its event commits before it answers."""
        traits = Traits(issues_credentials, open_to_all, unsigned, itemwise, prepare, copies)

        def register(function: Function) -> Function:
            name: str = function.__name__
            if name in self._functions:
                raise LookupError(f"{self.name}: two functions for {name}")
            self._functions[name] = (function, traits)
            return function

        return register if function is None else register(function)

    @cached_property
    def spec(self) -> ServiceSpec:
        return load_service(self.name)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """The built operations by AWS name; imports the service's operation files."""
        package = importlib.import_module(f"{self._package}.operations")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
        by_snake_name = {self.spec.operation(name).snake_name: name for name in self.spec.operation_names}
        unknown = self._functions.keys() - by_snake_name.keys()
        if unknown:
            raise LookupError(f"{self.name} has no operations {sorted(unknown)}")
        return {by_snake_name[snake]: self._build(by_snake_name[snake]) for snake in self._functions}

    def _build(self, name: str) -> Operation:
        spec = self.spec.operation(name)
        function, traits = self._functions[spec.snake_name]
        return Operation(
            spec=spec,
            function=function,
            checks=self._checks.get(name),
            writes=traits.issues_credentials or not name.startswith(_READS),
            urgent=_URGENT.fullmatch(name) is not None,
            open_to_all=traits.open_to_all,
            unsigned=traits.unsigned,
            itemwise=traits.itemwise,
            prepare=traits.prepare,
            copies=traits.copies,
        )
