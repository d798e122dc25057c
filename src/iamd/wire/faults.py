"""S3's answers to requests that cannot be read."""

from iamd.model.errors import AwsError


def invalid_uri() -> AwsError:
    return AwsError("InvalidURI", "Couldn't parse the specified URI.")


def malformed_xml() -> AwsError:
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return AwsError("MalformedXML", message)


def invalid_argument(message: str, name: str, value: str) -> AwsError:
    return AwsError("InvalidArgument", message, members={"ArgumentName": name, "ArgumentValue": value})
