using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace TargetProfiles.Module.Tests;

/// <summary>What only runs or is read elsewhere: workflows, templates, editor settings, the pages for contributors.</summary>
public sealed class ProjectFileTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The repository's folders and files that a text can name.</summary>
    private static readonly Regex Named = new(@"(?<![\w./-])(?:\./)?((?:\.ci|\.github|benchmarks|docs|samples|src|tests|tools)/[\w./-]*\w|[\w.-]+\.(?:ps1|psd1|sln|props)(?![\w/]))", RegexOptions.Compiled);

    private static readonly string[] Pages = ["CONTRIBUTING.md", "docs/proofs.md", "SECURITY.md", "README.md", "samples/README.md", ".github/PULL_REQUEST_TEMPLATE.md"];

    public static TheoryData<string> YamlFiles => [.. Files(".github", "*.yml"), .. Files("samples", "*.yml")];

    public static TheoryData<string> JsonFiles => [.. Files(".vscode", "*.json")];

    public static TheoryData<string> NamingFiles => [.. Files(".github", "*.yml"), .. Files(".vscode", "*.json"), .. Pages];

    public static TheoryData<string> Workflows => [.. Files(".github/workflows", "*.yml"), "samples/runbooks/github-actions.yml"];

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void Parses_as_yaml(string file) => Assert.IsType<YamlMappingNode>(Yaml(file));

    [Theory]
    [MemberData(nameof(JsonFiles))]
    public void Parses_as_json(string file) => JsonDocument.Parse(Text(file), WithComments).Dispose();

    [Theory]
    [MemberData(nameof(NamingFiles))]
    public void Names_only_what_is_there(string file) => Assert.All(
        Named.Matches(Text(file)).Select(match => match.Groups[1].Value),
        path => Assert.True(Exists(path) || Exists(Path.Combine(Path.GetDirectoryName(file)!, path)) || Exists($"samples/runbooks/{path}"), $"{file} names {path}."));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_may_only_read_and_ends_by_itself(string file)
    {
        var workflow = Yaml(file);
        var permission = Assert.Single(Map(workflow, "permissions"));
        Assert.Equal(("contents", "read"), (permission.Key.ToString(), permission.Value.ToString()));
        var jobs = Map(workflow, "jobs").Children;
        Assert.All(jobs.Values.Cast<YamlMappingNode>(), job => Assert.True(job.Children.ContainsKey("timeout-minutes")));
        var needed = jobs.Values.Cast<YamlMappingNode>().Where(job => job.Children.ContainsKey("needs"))
            .SelectMany(job => job["needs"] is YamlSequenceNode several ? several.Children : [job["needs"]]);
        Assert.All(needed, name => Assert.Contains(name, jobs.Keys));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void An_action_is_pinned_to_a_commit(string file) => Assert.All(
        Regex.Matches(Text(file), @"uses: (.+)").Select(match => match.Groups[1].Value),
        action => Assert.Matches(@"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", action));

    [Fact]
    public void A_module_is_installed_at_one_exact_version() => Assert.All(
        Regex.Matches(Text(".github/workflows/ci.yml"), @"(Install-PSResource|Install-Module) .+").Select(match => match.Value),
        install => Assert.Matches(@"-Version '\[\d+\.\d+\.\d+\]'|-RequiredVersion \d+\.\d+\.\d+", install));

    [Fact]
    public void The_publishing_job_builds_nothing()
    {
        var publish = Map(Map(Yaml(".github/workflows/ci.yml"), "jobs"), "publish");
        var script = string.Join("\n", ((YamlSequenceNode)publish["steps"]).Cast<YamlMappingNode>().Where(step => step.Children.ContainsKey("run")).Select(step => step["run"].ToString()));
        Assert.DoesNotMatch(@"build\.ps1|dotnet (build|pack|publish)", script);
        Assert.Equal("publish", publish["environment"].ToString());
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static YamlMappingNode Yaml(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Text(file)));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
}
