using System.Text.Json;
using Broker.Messages;

namespace Broker.TestKit.Campaigns;

/// <summary>Reads what the native dialect says.</summary>
internal static class RpcAnswers
{
    /// <summary>Of anything with an epoch and an offset.</summary>
    public static Position PositionIn(JsonElement json) => new(
        Epoch.TryParse(json.GetProperty("epoch").GetString(), out var epoch) ? epoch : throw new InvalidDataException($"No epoch: {json}"),
        json.GetProperty("offset").GetInt64());
}
