using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Broker.Node.Settings;

/// <summary>Says what is wrong with settings in their own names: <c>Broker:Limits:FrameBytes must be ...</c>.</summary>
internal static partial class WrongSettings
{
    /// <summary>The generated validator's "FrameBytes: The field Broker.Limits.FrameBytes must be ..." in the settings' own words.</summary>
    public static string Reword(string failure)
    {
        var match = Member().Match(failure);
        return match.Success
            ? SettingName(match.Groups["member"].Value) + " " + match.Groups["rest"].Value.TrimStart()
            : failure;
    }

    public static OptionsValidationException Exception(IEnumerable<string> failures) =>
        new(BrokerOptions.Section, typeof(BrokerOptions), failures);

    private static string SettingName(string member) =>
        member.Replace('.', ':').Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    [GeneratedRegex(@"(?:The (?:field )?)(?<member>Broker[.\w\[\]]*)(?: field)?(?<rest>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Member();
}
