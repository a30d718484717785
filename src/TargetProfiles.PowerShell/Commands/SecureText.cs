using System.Management.Automation;
using System.Net;
using System.Security;

namespace TargetProfiles.PowerShell.Commands;

internal static class SecureText
{
    public static string? Reveal(SecureString? secret) => secret is null ? null : new NetworkCredential("", secret).Password;
}

/// <summary>Refuses a token that is plain text, without repeating it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecureTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or SecureString)
            return value;
        throw new ArgumentTransformationMetadataException(
            "The token must be a SecureString, so that it does not stand in the history and in transcripts. " +
            $"Use -Token (Read-Host -AsSecureString), -Token (Get-Secret NAME), or set {TargetConnectionOptions.TokenVariable}.");
    }
}
