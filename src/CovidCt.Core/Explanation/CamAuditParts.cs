namespace CovidCt.Explanation;

/// <summary>What <c>CamAudit</c> looks at.</summary>
[Flags]
internal enum CamAuditParts
{
    /// <summary>Energy in the padding, and, where findings are marked, the pointing game and energy in the mask.</summary>
    None = 0,

    /// <summary><see cref="ImageAudit.Faithfulness"/> and <see cref="ImageAudit.Evidence"/>.</summary>
    Occlusion = 1,

    /// <summary><see cref="ImageAudit.Deletion"/> and <see cref="ImageAudit.Insertion"/>.</summary>
    Curves = 2,

    /// <summary><see cref="ImageAudit.Road"/>.</summary>
    Road = 4,

    /// <summary><see cref="CamAuditReport.Randomisation"/>.</summary>
    Randomisation = 8,

    /// <summary>All of it.</summary>
    All = Occlusion | Curves | Road | Randomisation,
}
