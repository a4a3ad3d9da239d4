"""The results as a Markdown table."""

from statistics import median

from commands import OURS

HEADER = ["task", "peer", "ours", "peer's", "ratio (min – max)", "bar", "check: ours / peer's"]


def table(results):
    rows = [row for result in results for row in task_rows(result)]
    lines = ["| " + " | ".join(row) + " |" for row in [HEADER, ["---"] * len(HEADER)] + rows]
    return "\n".join(lines)


def task_rows(result):
    ours = result["contenders"][OURS.name]
    for name, peer in result["contenders"].items():
        if name != OURS.name:
            yield [
                result["title"], peer["label"], seconds(ours, result), seconds(peer, result), spread(peer),
                bar(peer), checked(peer),
            ]


def seconds(contender, result):
    return f"{median(contender['seconds']):.3g} {result['unit']}"


def spread(peer):
    known = sure(peer["ratios"])
    return f"**{median(known):.2f}** ({min(known):.2f} – {max(known):.2f})" if known else "too short to tell"


def bar(peer):
    wanted, known = peer["bar"], sure(peer["ratios"])
    if wanted is None or not known:
        return "–"
    met = "met" if median(known) >= wanted else "**not met**"
    return f"≥ {wanted:g}: {met}"


def sure(ratios):
    return [ratio for ratio in ratios if ratio is not None]


def checked(peer):
    verdict = "" if peer["passes"] else " **differs**"
    return f"{peer['reference']:.2f} / {peer['value']:.2f}{verdict}"


def conditions_text(conditions):
    versions = ", ".join(f"{name} {found}" for name, found in conditions["versions"].items() if found)
    ours = conditions["boltzmann"]
    return "\n".join([
        f"{conditions['date']}, {conditions['processor']}, {conditions['cores']} cores, "
        f"{conditions['threads']} threads each; {conditions['system']}.",
        f"Boltzmann {ours['boltzmann']}: {ours['blas']}; kernels for {ours['instruction_set']}.",
        f"Python {conditions['python']}, {versions}.",
        f"numpy and scikit-learn: {'; '.join(conditions['numpy_products'])}.",
        f"PyTorch and rbms: {'; '.join(conditions['torch_products'])}.",
    ])


def ratios(ours, peers):
    """Paired: the peer's seconds over ours of the same alternation; None where a trial was lost in the noise."""
    return [theirs / mine if mine > 0 and theirs > 0 else None for mine, theirs in zip(ours, peers)]
