using System.Runtime.CompilerServices;
using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>.NET Framework has the code pages built in; here they must be registered.</summary>
internal static class CodePages
{
    [ModuleInitializer]
#pragma warning disable CA2255 // Test code, and needed before the first test.
    public static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
#pragma warning restore CA2255
}
