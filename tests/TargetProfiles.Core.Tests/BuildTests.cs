using System.Reflection;
using System.Runtime.Versioning;
using TargetProfiles.Emulator;

namespace TargetProfiles.Core.Tests;

public sealed class BuildTests
{
#if NETSTANDARD_BUILD
    private const string Framework = ".NETStandard,Version=v2.0";
#else
    private const string Framework = ".NETCoreApp,Version=v8.0";
#endif

    [Fact]
    public void Tests_run_against_the_build_they_are_meant_for()
    {
        foreach (var type in new[] { typeof(TargetConnection), typeof(TargetEmulator) })
            Assert.Equal(Framework, type.Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName);
    }
}
