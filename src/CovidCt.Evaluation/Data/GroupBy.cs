using System.Text.Json.Serialization;

namespace CovidCt.Data;

/// <summary>What folds keep together.</summary>
public enum GroupBy
{
    /// <summary>Nothing: slices of one patient may lie on both sides, which flatters the figures. The paper's way.</summary>
    Image,

    /// <summary>The slices of a patient.</summary>
    Patient,

    /// <summary>All that comes from one source, such as a publication, and each patient too: folds of whole sources.</summary>
    [JsonStringEnumMemberName(GroupBys.Sources)]
    Source,

    /// <summary>The data set's own split: one fold, tested on its test part and trained on all the rest.</summary>
    Official,

    /// <summary>The same, a fold a source: each is tested by a network that has seen none of it.</summary>
    [JsonStringEnumMemberName(GroupBys.EachSource)]
    EachSource,
}
