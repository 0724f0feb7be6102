namespace CovidCt.Explanation;

/// <summary>What <c>CamAudit</c> looks at.</summary>
[Flags]
internal enum CamAuditParts
{
    /// <summary>Energy in the padding, and, where findings are marked, the pointing game and energy in the mask.</summary>
    None = 0,

    /// <summary><see cref="MapScores.Faithfulness"/> and <see cref="MapScores.Evidence"/>.</summary>
    Occlusion = 1,

    /// <summary><see cref="MapScores.Deletion"/> and <see cref="MapScores.Insertion"/>.</summary>
    Curves = 2,

    /// <summary><see cref="MapScores.Road"/>.</summary>
    Road = 4,

    /// <summary><see cref="CamAuditReport.Randomisation"/>.</summary>
    Randomisation = 8,

    /// <summary><see cref="ImageAudit.Baselines"/>: the first three of maps that know nothing of the network.</summary>
    Baselines = 16,

    /// <summary>All of it.</summary>
    All = Occlusion | Curves | Road | Randomisation | Baselines,
}
