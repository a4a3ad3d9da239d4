// Lists of one level say which sites a case has met, and nothing else: a row is then the number of a site.

extension RatingLists {
  /// Which sites each case has rated, however: lists of one level.
  public var sites: RatingLists {
    let levels = UInt32(levelCount)
    return RatingLists(siteCount: siteCount, levelCount: 1, starts: starts, rows: rows.map { $0 / levels })
  }

  /// Which sites each case has rated or, by `seen`, met at all: lists of one level.
  public func met(also seen: RatingLists?) -> RatingLists {
    guard let seen else { return sites }
    precondition(seen.levelCount == 1 && seen.hasSameCasesAndSites(as: self), "of the same cases and sites")
    let rated = sites
    return relisted { number in
      Set(rated.rows(of: number) + seen.rows(of: number)).sorted()
    }
  }

  /// What of these lists of one level is of sites that the same case has not rated in `others`.
  public func withoutSites(of others: RatingLists) -> RatingLists {
    precondition(levelCount == 1 && hasSameCasesAndSites(as: others), "of the same cases and sites")
    return relisted { number in
      rows(of: number).filter { others.level(of: number, site: Int($0)) == nil }
    }
  }

  private func hasSameCasesAndSites(as others: RatingLists) -> Bool {
    caseCount == others.caseCount && siteCount == others.siteCount
  }

  /// Lists of one level of the same cases that name no sites.
  var withoutEntries: RatingLists { relisted { _ in [] } }

  /// Lists of one level with the sites that `sites` names for each case, ascending.
  private func relisted(_ sites: (Int) -> [UInt32]) -> RatingLists {
    var starts = [0], rows: [UInt32] = []
    for number in 0..<caseCount {
      rows += sites(number)
      starts.append(rows.count)
    }
    return RatingLists(siteCount: siteCount, levelCount: 1, starts: starts, rows: rows)
  }
}
