extension AlpineInquiry {
  static let script =
    InquiryFolder.watchScript + Builder.words + Builder.keepScript + Builder.indexScript + confinement + examination
  static let askScript = examined + listing + questions
  static let fetchScript = examined + fetching

  /// First, what lies in the cache unread; `$WORK/unread-…` are lines of a file's name and what a mirror would call it.
  private static let examined = #"""
    cat "$WORK"/unread-* 2>/dev/null | sort -u >"$WORK/unread"
    # Of files of one name one at a time.
    while [ -s "$WORK/unread" ]; do
      mkdir "$WORK/cached"
      while read -r file name; do
        if [ -e "$WORK/cached/$name" ]; then echo "$file $name"; else cp "$APKS/$file" "$WORK/cached/$name"; fi
      done <"$WORK/unread" >"$WORK/later"
      examine "$WORK/cached"
      rm -r "$WORK/cached"
      mv "$WORK/later" "$WORK/unread"
    done
    if [ -n "$LISTS" ] && [ -n "$(ls "$WORK/records")" ]; then
      mkdir -p "$RECORDS"
      sh "$WORK/keep" "$RECORDS" "$WORK"/records/*
    fi

    """#

  /// Gets what each repository lists, into `$WORK/index-NUMBER`, and in `$WORK/listed` the names, versions and identities,
  /// those of the first repository first. Where one does not answer, what it listed last is taken, out of `$LISTS`, unless
  /// `STRICT` says yes.
  private static let listing = #"""
    unusable() { echo "$repository cannot be used, see above; a key that it is signed with belongs into mirror_keys"; }
    list() {
      number=0
      while read -r repository <&4; do
        number=$((number + 1))
        kept="$LISTS/apk-$(printf %s "$repository" | sha256sum | cut -c 1-16)"
        inside mkdir /.meros/new </dev/null
        echo "$repository" | put /.meros/repository
        if apk --force-refresh --cache-dir /.meros/new --repositories-file /.meros/repository update >&2; then
          name=$(inside ls /.meros/new </dev/null | sed -n '/^APKINDEX\.[A-Za-z0-9.]*$/p' | head -n 1)
          [ -n "$name" ] || fail "apk keeps no index of $repository"
          mkdir "$WORK/index"
          take "/.meros/new/$name" >"$WORK/index/$name"
          if [ -n "$LISTS" ]; then
            mkdir -p "$kept"
            sh "$WORK/keep" "$kept" "$WORK/index/$name"
          fi
        elif [ -n "$LISTS" ] && [ "$STRICT" != yes ] && [ -d "$kept" ]; then
          echo "taking what $repository listed last" >&2
          name=$(ls "$kept" | head -n 1)
          mkdir "$WORK/index"
          cp "$kept/$name" "$WORK/index/"
          put "/.meros/new/$name" <"$kept/$name"
          # Which keys there were when it was kept is of no account.
          first=$(tar -x -z -O -f "$kept/$name" APKINDEX | awk '/^P:/ { if (!n++) print substr($0, 3) }')
          if [ -n "$first" ] && [ -z "$(
            apk --cache-dir /.meros/new --repositories-file /.meros/repository search --quiet --exact -- "$first"
          )" ]; then fail "$(unusable)"; fi
        else
          fail "$(unusable)"
        fi
        put "/.meros/cache/$name" <"$WORK/index/$name"
        tar -x -z -O -f "$WORK/index/$name" APKINDEX >"$WORK/index-$(printf %04d "$number")"
        inside rm -rf /.meros/new </dev/null
        rm -r "$WORK/index"
      done 4<"$WORK/repositories"
      for file in "$WORK"/index-*; do index_lines "$file"; done >"$WORK/listed"
    }

    """#

  /// Answers `$WORK/sought` and each `$WORK/wish-NUMBER`, words for apk, onto what the minirootfs has and the packages in
  /// `$WORK/onto-NUMBER`, lines of name, version, identity and the record of the cache, with the names in
  /// `$WORK/world-NUMBER` wanted.
  private static let questions = #"""
    if [ -e "$WORK/sought" ] && [ -z "$(lacking "$WORK/sought")" ]; then exit 0; fi
    list
    cat >"$WORK/onto.awk" <<'END'
    # The paragraphs of the wanted packages, each once, and after them in `lost` those of which there is none.
    BEGIN {
      while ((getline line <onto) > 0) {
        split(line, word, " ")
        wanted[word[1] " " word[2] " " word[3]] = 1
      }
      RS = ""
      FS = "\n"
    }
    {
      name = version = identity = ""
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^P:/) name = substr($i, 3)
        if ($i ~ /^V:/) version = substr($i, 3)
        if ($i ~ /^C:/) identity = substr($i, 3)
      }
      key = name " " version " " identity
      if (wanted[key]) {
        wanted[key] = 0
        print $0 "\n"
      }
    }
    END { for (key in wanted) if (wanted[key]) print key >lost }
    END
    cat >"$WORK/others.awk" <<'END'
    # The paragraphs of packages other than those in `onto`.
    BEGIN {
      while ((getline line <onto) > 0) {
        split(line, word, " ")
        other[word[1]] = 1
      }
      RS = ""
      FS = "\n"
    }
    {
      for (i = 1; i <= NF; i++) if ($i ~ /^P:/ && substr($i, 3) in other) next
      print $0 "\n"
    }
    END
    take /lib/apk/db/installed >"$WORK/installed"
    take /etc/apk/world >"$WORK/world"
    for number in $(seq 0 "$(($(ls "$WORK" | grep -c '^wish-') - 1))"); do
      : >"$WORK/state"
      cp "$WORK/world" "$WORK/wanted"
      if [ -e "$WORK/onto-$number" ]; then
        set --
        for record in $(awk '{ print $4 }' "$WORK/onto-$number"); do
          if [ -e "$RECORDS/$record" ]; then set -- "$@" "$RECORDS/$record"; fi
        done
        for record in "$WORK"/records/*; do
          if [ -e "$record" ]; then set -- "$@" "$record"; fi
        done
        awk -v onto="$WORK/onto-$number" -v lost="$WORK/lost-$number" -f "$WORK/onto.awk" "$@" "$WORK"/index-* \
          >"$WORK/state"
        sort -u "$WORK/world" "$WORK/world-$number" >"$WORK/wanted"
      else
        : >"$WORK/onto-$number"
      fi
      awk -v onto="$WORK/onto-$number" -f "$WORK/others.awk" "$WORK/installed" >>"$WORK/state"
      put /lib/apk/db/installed <"$WORK/state"
      put /etc/apk/world <"$WORK/wanted"
      set -- $(cat "$WORK/wish-$number")
      if [ -e "$WORK/server-$number" ]; then
        server=
        for name in $SERVERS; do
          if [ -z "$server" ] && grep -q "^$name " "$WORK/listed"; then server=$name; fi
        done
        [ -n "$server" ] || fail "the mirror has no ssh server: none of $SERVERS"
        set -- "$@" "$server" $(printf %s "$COMPANIONS" | sed -n "s/^$server //p")
      fi
      apk add --simulate -- "$@" >"$WORK/answer-$number" 2>"$WORK/complaints-$number" || : >"$WORK/failed-$number"
    done
    """#

  /// Fetches `$WORK/sought`, lines of name, version and identity, into the cache; each from the first repository that has
  /// it as it is to be.
  private static let fetching = #"""
    mkdir "$WORK/fetched"
    phase downloading packages
    while read -r repository <&4; do
      # "@TAG ADDRESS"
      repository=${repository##* }
      lacking "$WORK/sought" >"$WORK/wanted"
      [ -s "$WORK/wanted" ] || break
      mkdir "$WORK/new"
      while read -r name version identity; do
        printf 'url = "%s"\noutput = "%s"\n' "${repository%/}/$ARCH/$name-$version.apk" "$WORK/new/$name-$version.apk"
      done <"$WORK/wanted" >"$WORK/urls"
      # What one lacks another may have.
      curl --globoff --fail --silent --show-error --location --proto =http,https --proto-redir =http,https --retry 3 \
        --connect-timeout 30 --parallel --parallel-max 8 --config "$WORK/urls" >&2 || :
      if [ -n "$(ls "$WORK/new")" ]; then examine "$WORK/new"; fi
      while read -r name version identity; do
        file="$WORK/new/$name-$version.apk"
        [ -e "$file" ] || continue
        digest=$(sha256sum "$file" | cut -d ' ' -f 1)
        found=$(index_lines "$WORK/records/$digest")
        if [ "$found" = "$name $version $identity" ]; then
          mv "$file" "$WORK/fetched/$name-$version.$(printf %.\#(PackageCache.digestLength)s "$digest").apk"
        else
          echo "$repository has another file of $name $version than the lock file says, ${found##* }" >&2
        fi
      done <"$WORK/wanted"
      rm -r "$WORK/new"
    done 4<"$WORK/repositories"
    mkdir -p "$RECORDS"
    sh "$WORK/keep" "$APKS" "$WORK"/fetched/*
    sh "$WORK/keep" "$RECORDS" "$WORK"/records/*
    lacking "$WORK/sought" >"$WORK/wanted"
    while read -r name version identity; do
      echo "neither the cache nor the mirror has $name $version $identity" >&2
    done <"$WORK/wanted"
    [ ! -s "$WORK/wanted" ] || exit 1
    """#
}
