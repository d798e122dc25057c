"""Answers to requests that cannot be read, in the words of each family of services."""

from iamd.model.errors import AwsError


def invalid_uri() -> AwsError:
    """S3's, as are the next two."""
    return AwsError("InvalidURI", "Couldn't parse the specified URI.")


def malformed_xml() -> AwsError:
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return AwsError("MalformedXML", message)


def invalid_argument(message: str, name: str, value: str) -> AwsError:
    return AwsError("InvalidArgument", message, members={"ArgumentName": name, "ArgumentValue": value})


def serialization(message: str) -> AwsError:
    """What a JSON service says of a body, a parameter or a header that is not of the model's types."""
    return AwsError("SerializationException", message)


def unknown_operation(status: int = 404) -> AwsError:
    return AwsError("UnknownOperationException", "The requested operation is not known.", status)


def unsupported_media_type(kind: str) -> AwsError:
    return AwsError("UnsupportedMediaTypeException", f"The content type {kind[:100]} is not supported.", 415)
