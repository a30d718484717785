using System.Security.Cryptography.X509Certificates;

namespace TargetProfiles.Core.Tests;

/// <summary>The emulator's certificate: mono cannot make one, so whoever starts the tests names a PFX file.</summary>
internal static class GivenCertificate
{
    public const string Variable = "TARGET_TEST_CERTIFICATE";

    public static X509Certificate2 Open() => new(
        Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException($"{Variable} names no PFX file."),
        (string?)null,
        X509KeyStorageFlags.Exportable);
}
