namespace TargetProfiles.HelpGenerator;

/// <summary>A page that cannot be turned into help.</summary>
/// <param name="path">The page.</param>
/// <param name="line">Its line, from 1.</param>
/// <param name="message">What is wrong, and what is expected.</param>
internal sealed class PageException(string path, int line, string message) : Exception(message)
{
    /// <summary>The form in which MSBuild takes an error over as its own.</summary>
    public string BuildError => $"{path}({line}): error HELP001: {Message}";
}
