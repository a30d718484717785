namespace TargetProfiles.Module.Tests;

/// <summary>Where things stand, seen from the running tests.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string StagedModule => Path.Combine(Root, "out", "TargetProfiles");

    public static string StagedBin(string framework) => Path.Combine(StagedModule, "bin", framework);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TargetProfiles.psd1")) && File.Exists(Path.Combine(folder.FullName, "TargetProfiles.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
