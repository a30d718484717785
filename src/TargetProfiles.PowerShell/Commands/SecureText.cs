using System.Management.Automation;
using System.Net;
using System.Security;

namespace TargetProfiles.PowerShell.Commands;

internal static class SecureText
{
    public static string? Reveal(SecureString? secret) => secret is null ? null : new NetworkCredential("", secret).Password;
}

/// <summary>Refuses a secret that is plain text, without repeating it.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="variable">The environment variable that may hold it instead.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecureTextAttribute(string parameter, string variable) : ArgumentTransformationAttribute
{
    /// <summary>The parameter.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>The environment variable that may hold it instead.</summary>
    public string Variable { get; } = variable;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or SecureString)
            return value;
        throw new ArgumentTransformationMetadataException(
            $"-{Parameter} must be a SecureString, so that it does not stand in the history and in transcripts. " +
            $"Use -{Parameter} (Read-Host -AsSecureString), -{Parameter} (Get-Secret NAME), or set {Variable}.");
    }
}
