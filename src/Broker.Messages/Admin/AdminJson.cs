using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Messages.Admin;

/// <summary>How the operators' API writes and reads what it is asked and answers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(ClusterReport))]
[JsonSerializable(typeof(IReadOnlyList<ShardReport>))]
[JsonSerializable(typeof(NodeOrder))]
[JsonSerializable(typeof(OrderReport))]
[JsonSerializable(typeof(Problem))]
public sealed partial class AdminJson : JsonSerializerContext;
