"""How the pretend P21 says no."""

from __future__ import annotations

BUSINESS = "P21.Business.Common.BusinessException"
SERVER = "P21.DataAccess.PbNet.Common.PbService.P21ServerException"
PROPHET = "P21.Common.Exceptions.Prophet21Exception"
NOT_FOUND = "P21.Common.Exceptions.NotFoundException"


class Refused(Exception):
    """A business rule said no: nothing was written.

    ``error_type`` is what the REST envelope calls it, ``code`` and ``field`` are for the gateway; ``synthetic`` says
    that the words are ours because the real ones are not public.
    """

    def __init__(
        self,
        message: str,
        *,
        error_type: str = BUSINESS,
        code: str = "refused",
        field: str = "",
        synthetic: bool = False,
    ) -> None:
        super().__init__(message)
        self.message, self.error_type, self.code = message, error_type, code
        self.field, self.synthetic = field, synthetic


class NotFound(Exception):
    """There is no such record."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
