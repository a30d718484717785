using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace TargetProfiles.Module.Tests;

public sealed class StagedModuleTests
{
    /// <summary>What Windows PowerShell 5.1 and .NET Framework 4.7.2 bring along, in the versions that they load.</summary>
    private static readonly string[] OfTheHost =
    [
        "netstandard, Version=2.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51",
        "mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089",
        "System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35",
    ];

    [Fact]
    public void On_PowerShell_7_the_module_ships_no_dll_but_its_own()
    {
        var files = Directory.GetFiles(Repository.StagedBin("net8.0")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(["TargetProfiles.Core.dll", "TargetProfiles.Emulator.dll", "TargetProfiles.PowerShell.dll"], files);
    }

    [Fact]
    public void On_Windows_PowerShell_every_reference_resolves_to_the_exact_version_that_is_there()
    {
        var staged = Directory.GetFiles(Repository.StagedBin("netstandard2.0"), "*.dll").Select(AssemblyName.GetAssemblyName).ToDictionary(name => name.Name!);
        foreach (var path in Directory.GetFiles(Repository.StagedBin("netstandard2.0"), "*.dll"))
        {
            foreach (var reference in References(path).Where(reference => !OfTheHost.Contains(reference.FullName)))
            {
                Assert.True(staged.TryGetValue(reference.Name!, out var there), $"{Path.GetFileName(path)} needs {reference.FullName}, which is not staged.");
                Assert.Equal(reference.FullName, there.FullName);
            }
        }
    }

    [Fact]
    public void No_assembly_is_resolved_for_others()
    {
        // The versions fit, so there is nothing to resolve, and no neighbour's module can be handed an assembly of this one.
        foreach (var framework in new[] { "net8.0", "netstandard2.0" })
        {
            foreach (var path in Directory.GetFiles(Repository.StagedBin(framework), "TargetProfiles.*.dll"))
                Assert.DoesNotContain(MembersUsed(path), name => name is "add_AssemblyResolve" or "add_Resolving" or "LoadFrom" or "LoadFile");
        }

        Assert.DoesNotContain("Resolve", File.ReadAllText(Path.Combine(Repository.StagedModule, "TargetProfiles.psm1")), StringComparison.Ordinal);
    }

    [Fact]
    public void PowerShellStandards_stubs_are_not_shipped() =>
        Assert.Empty(Directory.GetFiles(Repository.StagedModule, "System.Management.Automation*", SearchOption.AllDirectories));

    [Fact]
    public void What_is_staged_is_what_is_listed_as_shipped_and_help()
    {
        var listed = File.ReadAllLines(Path.Combine(Repository.Root, "tools", "ModuleFiles.txt"));
        var staged = Directory.GetFiles(Repository.StagedModule, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.StagedModule, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("en-US/", StringComparison.Ordinal) || listed.Contains(path));
        Assert.Equal(listed.Order(StringComparer.Ordinal), staged.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_comes_from_others_is_named_with_its_license()
    {
        var notices = File.ReadAllText(Path.Combine(Repository.StagedModule, "THIRD-PARTY-NOTICES.txt"));
        var others = Directory.GetFiles(Repository.StagedModule, "*.dll", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => !name.StartsWith("TargetProfiles.", StringComparison.Ordinal));
        Assert.All(others, name => Assert.Matches($@"\b{Regex.Escape(name)}\b", notices));
    }

    [Fact]
    public void The_version_of_the_manifest_is_the_version_of_every_assembly()
    {
        foreach (var framework in new[] { "net8.0", "netstandard2.0" })
        {
            foreach (var path in Directory.GetFiles(Repository.StagedBin(framework), "TargetProfiles.*.dll"))
                Assert.Equal(Manifest.Version, AssemblyName.GetAssemblyName(path).Version!.ToString(3));
        }
    }

    [Fact]
    public void Scripts_and_type_files_are_ascii_because_Windows_PowerShell_reads_them_in_the_local_code_page()
    {
        foreach (var pattern in new[] { "*.ps1", "*.psm1", "*.psd1", "*.ps1xml" })
        {
            var sources = new[] { "src", "tests", "samples", "benchmarks" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories));
            string[] paths = [.. Directory.GetFiles(Repository.StagedModule, pattern, SearchOption.AllDirectories), .. Directory.GetFiles(Repository.Root, pattern), .. sources];
            Assert.All(paths, path => Assert.True(File.ReadAllBytes(path).All(b => b < 0x80), path));
        }
    }

    [Fact]
    public void Views_name_types_and_properties_that_exist()
    {
        var views = XDocument.Load(Path.Combine(Repository.StagedModule, "TargetProfiles.Format.ps1xml")).Descendants("View");
        foreach (var view in views)
        {
            var properties = PropertiesOf(view.Descendants("TypeName").Single().Value);
            foreach (var name in view.Descendants("PropertyName").Select(element => element.Value))
                Assert.Contains(name, properties);
        }
    }

    private static List<string> PropertiesOf(string typeName)
    {
        foreach (var path in Directory.GetFiles(Repository.StagedBin("net8.0"), "*.dll"))
        {
            using var file = File.OpenRead(path);
            using var image = new PEReader(file);
            var reader = image.GetMetadataReader();
            foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
            {
                if ($"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}" == typeName)
                    return [.. type.GetProperties().Select(handle => reader.GetString(reader.GetPropertyDefinition(handle).Name))];
            }
        }

        throw new InvalidOperationException($"There is no type {typeName}.");
    }

    private static List<string> MembersUsed(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        return [.. reader.MemberReferences.Select(handle => reader.GetString(reader.GetMemberReference(handle).Name))];
    }

    private static List<AssemblyName> References(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName())];
    }
}
