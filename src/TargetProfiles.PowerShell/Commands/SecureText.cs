using System.Management.Automation;
using System.Net;
using System.Security;
using TargetProfiles.PowerShell.Errors;

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
        var error = TargetErrors.TokenAsText();
        throw new ArgumentTransformationMetadataException($"{error.Exception.Message} {error.ErrorDetails.RecommendedAction}");
    }
}
