using System.Text;
using Broker.Actors.Tokens;
using Broker.Node.Settings;

namespace Broker.Node.Apps;

/// <summary>Reads the keys of an app's settings.</summary>
internal static class AppKeys
{
    /// <summary>Characters of an API key that settings give as it is.</summary>
    public const int MinApiKeyLength = 16;

    /// <summary>An API key; null, and why, when it is no good.</summary>
    public static SecretHash? ReadApiKey(string text, out string? problem)
    {
        var hash = SecretHash.Read(text);
        problem = hash is null ? "must be sha256: and 64 hexadecimal digits"
            : text.Length < MinApiKeyLength ? $"is too short: an API key has {MinApiKeyLength} characters or more"
            : null;
        return problem is null ? hash : null;
    }

    /// <summary>A key that signs tokens; null, and which setting is wrong and why, when it is no good.</summary>
    public static TokenKey? ReadToken(AppOptions app, TokenOptions options, out (string Setting, string Problem)? wrong)
    {
        wrong = null;
        if (options.Key is null == options.KeyFile is null)
        {
            wrong = ("Key", options.Key is null ? "is missing: set it, or KeyFile" : "and KeyFile are both set: one of them is enough");
            return null;
        }

        var setting = options.Key is null ? "KeyFile" : "Key";
        if (ReadMaterial(options) is not { } material)
        {
            wrong = (setting, $"\"{options.KeyFile}\" cannot be read");
            return null;
        }

        if (SignatureKey.Read(options.Algorithm, material, out var problem) is not { } signature)
        {
            wrong = (setting, problem!);
            return null;
        }

        return new TokenKey(signature, options.Id, options.Issuer, options.Audience ?? app.Id, IsAudienceRequired: options.Audience is not null);
    }

    private static byte[]? ReadMaterial(TokenOptions options)
    {
        if (options.Key is not null)
        {
            return Encoding.UTF8.GetBytes(options.Key);
        }

        try
        {
            var bytes = File.ReadAllBytes(options.KeyFile!);
            return options.Algorithm == TokenAlgorithm.HS256 ? bytes.AsSpan().TrimEnd("\r\n"u8).ToArray() : bytes;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
