using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TargetProfiles.Emulator.Http;

/// <summary>A self-signed certificate for localhost, made at start and never stored.</summary>
internal static class ServerCertificate
{
    private const int KeyBits = 2048;
    private const string Subject = "CN=localhost";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static X509Certificate2 Make()
    {
        using RSA key = MakeKey();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 made = SelfSigned(key, now.AddDays(-1), now.AddDays(30));

        // SslStream on Windows wants a key it can open by itself; going through PFX gives it one.
#if NETSTANDARD2_0
        return new X509Certificate2(made.Export(X509ContentType.Pfx), (string?)null, X509KeyStorageFlags.Exportable);
#else
#pragma warning disable SYSLIB0057 // The replacement is not in .NET 8.
        return new X509Certificate2(made.Export(X509ContentType.Pfx), (string?)null, X509KeyStorageFlags.Exportable);
#pragma warning restore SYSLIB0057
#endif
    }

#if NETSTANDARD2_0
    private const string Framework = "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089";

    private static readonly string[] Homes = ["System.Core", "System.Security.Cryptography.X509Certificates", "System.Security.Cryptography"];

    // .NET Framework has had these classes since 4.7.2, but netstandard2.0 does not name them.
    private static X509Certificate2 SelfSigned(RSA key, DateTimeOffset from, DateTimeOffset until)
    {
        const string Space = "System.Security.Cryptography.X509Certificates.";
        Type request = Find(Space + "CertificateRequest");
        Type names = Find(Space + "SubjectAlternativeNameBuilder");

        object builder = Activator.CreateInstance(names)!;
        names.GetMethod("AddDnsName", [typeof(string)])!.Invoke(builder, ["localhost"]);
        foreach (IPAddress address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            names.GetMethod("AddIpAddress", [typeof(IPAddress)])!.Invoke(builder, [address]);
        }

        object made = Activator.CreateInstance(request, Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)!;
        var extensions = (System.Collections.IList)request.GetProperty("CertificateExtensions")!.GetValue(made)!;
        extensions.Add(names.GetMethod("Build", [typeof(bool)])!.Invoke(builder, [false])!);
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        return (X509Certificate2)request.GetMethod("CreateSelfSigned")!.Invoke(made, [from, until])!;
    }

    // What RSA.Create gives on .NET Framework stays at 1,024 bits, whatever KeySize is set to.
    private static RSA MakeKey()
    {
        if (Environment.Version.Major == 4
            && Type.GetType("System.Security.Cryptography.RSACng, System.Core, " + Framework, throwOnError: false) is { } cng)
        {
            return (RSA)Activator.CreateInstance(cng, KeyBits)!;
        }

        RSA key = RSA.Create();
        key.KeySize = KeyBits;
        return key;
    }

    private static Type Find(string name) =>
        Homes
            .Select(assembly => Type.GetType($"{name}, {assembly}, {Framework}", throwOnError: false)
                ?? Type.GetType($"{name}, {assembly}", throwOnError: false))
            .FirstOrDefault(type => type is not null)
        ?? throw new PlatformNotSupportedException(
            "This .NET cannot make certificates (.NET Framework 4.7.2 or later can). Set EmulatorOptions.Certificate.");
#else
    private static RSA MakeKey() => RSA.Create(KeyBits);

    private static X509Certificate2 SelfSigned(RSA key, DateTimeOffset from, DateTimeOffset until)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        return request.CreateSelfSigned(from, until);
    }
#endif
}
