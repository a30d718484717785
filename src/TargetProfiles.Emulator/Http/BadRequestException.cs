namespace TargetProfiles.Emulator.Http;

/// <summary>The bytes on the connection are no HTTP/1.1 request; it is answered and closed.</summary>
internal sealed class BadRequestException(int statusCode, string message) : Exception(message)
{
    public int StatusCode { get; } = statusCode;
}
