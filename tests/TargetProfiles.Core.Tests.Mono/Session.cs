using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace TargetProfiles.Core.Tests;

/// <summary>Runs this assembly's tests in this process: what mono has in place of `dotnet test`.</summary>
/// <param name="filters">Parts of test names: those that hold one are run; with a minus sign, those that hold one are not.</param>
internal sealed class Session(string[] filters)
{
    private static readonly Assembly Tests = typeof(Session).Assembly;

    private readonly string[] _wanted = [.. filters.Where(filter => !filter.StartsWith('-'))];
    private readonly string[] _unwanted = [.. filters.Where(filter => filter.StartsWith('-')).Select(filter => filter[1..])];

    public int Run()
    {
        using var framework = new XunitTestFramework(new NullMessageSink());
        using var discoverer = framework.GetDiscoverer(new ReflectionAssemblyInfo(Tests));
        using var found = new FoundTests();
        discoverer.Find(includeSourceInformation: false, found, new RunOptions());
        found.Finished.WaitOne();

        var chosen = found.Cases.ToLookup(test => IsWanted(Name(test)) ? Exclusions.ReasonFor(Name(test)) ?? "" : null);
        foreach (var excluded in chosen.Where(group => group.Key is { Length: > 0 }))
            Console.WriteLine($"not on mono: {Name(excluded.First())}: {excluded.Key}");
        using var executor = framework.GetExecutor(Tests.GetName());
        using var results = new Results();
        executor.RunTests(chosen[""], results, new RunOptions());
        results.Finished.WaitOne();
        return results.Report();
    }

    private bool IsWanted(string name) => (_wanted.Length == 0 || _wanted.Any(name.Contains)) && !_unwanted.Any(name.Contains);

    private static string Name(ITestCase test) => $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name}";
}
